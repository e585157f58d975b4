//! The other side: a listener, and for each connection what it does with it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A test that hangs for that long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is done with one connection.
pub type Script = Box<dyn FnOnce(&mut Peer) + Send>;

/// A server that plays its scripts, one connection after the other.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Server {
    /// Expects one connection.
    pub fn one(script: impl FnOnce(&mut Peer) + Send + 'static) -> Self {
        Self::start(vec![Box::new(script)])
    }

    /// Expects one connection, asks for a request, and writes that.
    pub fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::one(move |peer| {
            peer.request();
            peer.write(&answer);
        })
    }

    /// Expects as many connections as there are scripts, and no more.
    pub fn start(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let thread = std::thread::spawn(move || serve(&listener, scripts, &seen));
        Self { address, over, thread }
    }

    /// Host and port.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// The origin, over plain HTTP.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Ends the server, and panics where it did not go by the scripts.
    pub fn finish(self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the listener. Whoever connected before is served before.
        drop(TcpStream::connect(self.address));
        if let Err(panic) = self.thread.join() {
            resume_unwind(panic);
        }
    }
}

fn serve(listener: &TcpListener, scripts: Vec<Script>, over: &AtomicBool) {
    let expected = scripts.len();
    for (index, script) in scripts.into_iter().enumerate() {
        let (stream, _) = listener.accept().unwrap();
        assert!(!over.load(Ordering::SeqCst), "{index} of {expected} connections came");
        script(&mut Peer::new(stream));
    }
    drop(listener.accept().unwrap());
    assert!(over.load(Ordering::SeqCst), "a connection came after the {expected} that were expected");
}

/// The server's end of a connection.
#[derive(Debug)]
pub struct Peer {
    stream: TcpStream,
}

/// A request as it came.
#[derive(Debug, PartialEq, Eq)]
pub struct Received {
    /// The request line.
    pub line: String,
    /// The headers in alphabetical order, names in lower case.
    pub headers: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Peer {
    fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream }
    }

    /// Waits for a whole request.
    pub fn request(&mut self) -> Received {
        read_request(&mut self.stream)
    }

    /// Writes literal bytes.
    pub fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Writes literal bytes, as many as the client wants.
    pub fn write_until_refused(&mut self, bytes: &[u8]) {
        // The client may hang up in the middle, and is expected to.
        let _ = self.stream.write_all(bytes);
    }

    /// Says nothing any more until the client hangs up.
    pub fn until_hung_up(&mut self) {
        let mut buffer = [0; 1024];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return,
                Err(error) => panic!("the client has not hung up: {error}"),
            }
        }
    }

    /// The connection itself.
    pub fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }
}

/// Reads one request, whose body, if any, is announced by `Content-Length`.
pub(crate) fn read_request(stream: &mut impl Read) -> Received {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("the client has sent no whole request");
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let mut headers: Vec<_> = lines
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            format!("{}: {value}", name.to_lowercase())
        })
        .collect();
    headers.sort();
    let length = headers.iter().find_map(|header| header.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).expect("the client has sent no whole body");
    Received { line, headers, body }
}
