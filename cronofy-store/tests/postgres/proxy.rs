//! What stands between a store and its server, and cuts the connection.

use std::io::{Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// What becomes of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Passes,
    /// It never reaches the server.
    Lost,
    /// It is done, and its answer never reaches the store.
    Unanswered,
}

/// Decides about each statement, in the order that they come in on all connections: the text of a simple one (those
/// that begin and end transactions), and nothing of others.
type Decide = Box<dyn FnMut(&str) -> Fate + Send>;

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    decide: Arc<Mutex<Decide>>,
    ended: Arc<AtomicBool>,
}

impl Proxy {
    /// One to this server, which lets everything pass for now. `cuts` is told of each connection that was cut, once
    /// nothing of it is under way any more.
    pub(crate) fn to(server: SocketAddr, cuts: impl Fn() + Send + Sync + 'static) -> Self {
        let cuts = Arc::new(cuts);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let decide: Arc<Mutex<Decide>> = Arc::new(Mutex::new(Box::new(|_| Fate::Passes)));
        let decides = Arc::clone(&decide);
        let ended = Arc::<AtomicBool>::default();
        let ends = Arc::clone(&ended);
        // Both end with the test's process.
        thread::spawn(move || {
            for client in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    continue;
                }
                let (decide, cuts) = (Arc::clone(&decides), Arc::clone(&cuts));
                thread::spawn(move || Connection::open(client?, server)?.run(&decide, &*cuts));
            }
        });
        Self { address, decide, ended }
    }

    /// Tells that nobody comes through any more.
    pub(crate) fn ended(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.ended)
    }

    /// From here on.
    pub(crate) fn decide(&self, decide: impl FnMut(&str) -> Fate + Send + 'static) {
        *self.decide.lock().unwrap() = Box::new(decide);
    }
}

/// How many answers the server gave to the end, and whether the store is still told of them.
#[derive(Default)]
struct Answers {
    ended: usize,
    kept_back: bool,
    closed: bool,
}

struct Connection {
    client: TcpStream,
    server: TcpStream,
    answers: Arc<(Mutex<Answers>, Condvar)>,
}

impl Connection {
    fn open(client: TcpStream, server: SocketAddr) -> Result<Self> {
        let server = TcpStream::connect(server)?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        Ok(Self { client, server, answers: Arc::default() })
    }

    fn run(mut self, decide: &Mutex<Decide>, cut: &dyn Fn()) -> Result<()> {
        let answered = thread::spawn({
            let (server, client) = (self.server.try_clone()?, self.client.try_clone()?);
            let answers = Arc::clone(&self.answers);
            move || answer(server, client, &answers)
        });
        // However it ends, both ends are told. Whoever waits for it comes first.
        if self.pass_on(decide).is_ok() {
            cut();
        }
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
        let _ = answered.join();
        Ok(())
    }

    /// From the store to the server, until it is to be cut.
    fn pass_on(&mut self, decide: &Mutex<Decide>) -> Result<()> {
        // The first message has no type. It is answered once, after the password.
        let start = message(&mut self.client, &[])?;
        self.server.write_all(&start)?;
        let mut statements = 1;
        loop {
            let mut kind = [0];
            self.client.read_exact(&mut kind)?;
            let message = message(&mut self.client, &kind)?;
            // What goes before the `Sync` of a statement is nothing without it.
            let fate = match kind[0] {
                b'Q' => decide.lock().unwrap()(&String::from_utf8_lossy(&message[5..message.len() - 1])),
                b'S' => decide.lock().unwrap()(""),
                _ => {
                    self.server.write_all(&message)?;
                    continue;
                }
            };
            statements += 1;
            match fate {
                Fate::Passes => self.server.write_all(&message)?,
                Fate::Lost => return Ok(()),
                Fate::Unanswered => {
                    let (answers, more) = &*self.answers;
                    answers.lock().unwrap().kept_back = true;
                    self.server.write_all(&message)?;
                    let missing = |answers: &mut Answers| answers.ended < statements && !answers.closed;
                    drop(more.wait_while(answers.lock().unwrap(), missing).unwrap());
                    return Ok(());
                }
            }
        }
    }
}

/// From the server to the store.
fn answer(mut server: TcpStream, mut client: TcpStream, answers: &(Mutex<Answers>, Condvar)) -> Result<()> {
    let (answers, more) = answers;
    let mut pass_back = || -> Result<()> {
        loop {
            let mut kind = [0];
            server.read_exact(&mut kind)?;
            let message = message(&mut server, &kind)?;
            let mut answers = answers.lock().unwrap();
            answers.ended += usize::from(kind[0] == b'Z');
            more.notify_all();
            if !answers.kept_back {
                client.write_all(&message)?;
            }
        }
    };
    let ended = pass_back();
    answers.lock().unwrap().closed = true;
    more.notify_all();
    let _ = client.shutdown(Shutdown::Both);
    ended
}

/// A message as it came, with what was read of it already.
fn message(from: &mut TcpStream, kind: &[u8]) -> Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut message = [kind, &length].concat();
    let rest = u32::from_be_bytes(length) as usize - 4;
    let head = message.len();
    message.resize(head + rest, 0);
    from.read_exact(&mut message[head..])?;
    Ok(message)
}
