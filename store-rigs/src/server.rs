//! The PostgreSQL server of the tests, and a way to it on which statements are counted.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Once;
use std::thread;

use tokio_postgres::NoTls;

use crate::points::statement;

/// The environment variable with the server's address: `postgres://user:password@host:port/database`.
const ADDRESS: &str = "CRONOFY_TEST_POSTGRES";

/// The server's address. Where there is none, that is said once, on a line of its own that no test's harness hides.
pub fn address() -> Option<String> {
    static SAID: Once = Once::new();
    let address = std::env::var(ADDRESS).ok();
    if address.is_none() {
        SAID.call_once(|| {
            let _ = writeln!(
                std::io::stdout(),
                "\n!!! SKIPPED: everything on PostgreSQL: there is no server. `.ci/postgres cargo test -p store-rigs` \
                 brings one, {ADDRESS} names one."
            );
        });
    }
    address
}

/// Has the server carry these statements out.
pub(crate) fn run(address: &str, statements: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(statements).await.unwrap();
        drop(client);
        let _ = connection.await;
    });
}

/// An address that leads to the same server, through this process: what goes there and what comes back are points where
/// it can die. Statements go one at a time, so the one is before a statement, and the other once it is done.
pub(crate) fn counted(address: &str) -> String {
    let (front, back) = address.rsplit_once('@').unwrap();
    let (server, database) = back.split_once('/').unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let here = listener.local_addr().unwrap();
    let server = server.to_owned();
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
            let (from_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || pass(from_client, server));
            thread::spawn(move || pass(from_server, client));
        }
    });
    format!("{front}@{here}/{database}")
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        statement();
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
