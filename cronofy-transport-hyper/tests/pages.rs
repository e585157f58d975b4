//! Pages as a stream, over a connection.
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

use std::future::poll_fn;
use std::pin::Pin;

use cronofy_auth_core::Endpoint as _;
use cronofy_auth_core::discovery::MembersOf;
use cronofy_auth_core::types::{AccessToken, CustomBase, DataCenter};
use cronofy_transport_hyper::HyperTransport;
use futures_core::Stream;
use transport_exchanges::{Peer, Server};

fn members(url: &str) -> MembersOf {
    let data_center = DataCenter::Custom(CustomBase::new(url, url).unwrap());
    MembersOf::new(data_center, AccessToken::new("token").unwrap())
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

fn page(peer: &mut Peer, sub: &str, next: Option<&str>) {
    let next = next.map(|path| format!(r#""http://{}{path}""#, peer.stream().local_addr().unwrap()));
    let next = next.unwrap_or_else(|| "null".to_owned());
    let body =
        format!(r#"{{"organizational_unit_members":[{{"sub":"{sub}"}}],"pages":{{"next_page":{next}}}}}"#);
    peer.write(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes());
}

#[tokio::test]
async fn items_of_two_pages_and_the_place_of_a_third() {
    let server = Server::one(|peer| {
        peer.request();
        page(peer, "a", Some("/2"));
        peer.request();
        page(peer, "b", Some("/3"));
        peer.request();
        peer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    });
    let transport = HyperTransport::new().unwrap();
    let mut items = transport.pages(members(&server.url()).call()).await.unwrap().items();
    assert_eq!(next(&mut items).await.unwrap().unwrap().sub.as_str(), "a");
    assert_eq!(next(&mut items).await.unwrap().unwrap().sub.as_str(), "b");
    assert!(next(&mut items).await.unwrap().is_err());
    assert!(next(&mut items).await.is_none());
    // Where somebody can go on later.
    assert_eq!(items.cursor().unwrap().as_str(), format!("{}/3", server.url()));
    server.finish();
}

#[tokio::test]
async fn the_first_page_fails_at_the_call() {
    let server = Server::answering(&b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"[..]);
    let transport = HyperTransport::new().unwrap();
    assert!(transport.pages(members(&server.url()).call()).await.is_err());
    server.finish();
}
