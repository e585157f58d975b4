//! The other end: answers every request with the same tokens, as fast as sockets allow.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;
use std::thread;

use crate::inputs::TOKEN_RESPONSE;

/// Names the address of a server in another process, whose instructions are then not counted.
pub const ADDRESS_VARIABLE: &str = "CRONOFY_BENCHES_SERVER";

/// A server on threads of this process.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Listens on a free port of this machine, until the process ends.
    pub fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                // A client that goes away ends its connection, and nothing else.
                thread::spawn(move || serve(connection));
            }
        });
        Ok(Self { address })
    }
}

/// Scheme, host and port of the server in another process, or else of the one in this.
pub(super) fn origin() -> String {
    static HERE: LazyLock<Server> = LazyLock::new(|| Server::start().expect("a free port"));
    match std::env::var(ADDRESS_VARIABLE) {
        Ok(address) => format!("http://{address}"),
        Err(_) => format!("http://{}", HERE.address),
    }
}

fn serve(connection: TcpStream) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\ndate: Sat, 01 Nov 2025 12:00:00 GMT\r\n\r\n",
        TOKEN_RESPONSE.len()
    )
    .into_bytes();
    answer.extend_from_slice(TOKEN_RESPONSE);
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut writer = connection;
    let mut line = String::new();
    let mut body = Vec::new();
    loop {
        let mut length = 0;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
        writer.write_all(&answer)?;
    }
}
