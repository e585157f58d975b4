//! What stands in front of the instances here, in the place of a real load balancer: each connection goes to the next
//! one, past those that are gone.
#![allow(clippy::print_stdout, reason = "it says that it is ready")]

use std::env;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// `front 127.0.0.1:8000 127.0.0.1:8001 127.0.0.1:8002`
#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut addresses = env::args().skip(1);
    let listener = TcpListener::bind(addresses.next().unwrap_or_default()).await?;
    let instances: Vec<String> = addresses.collect();
    println!("in front of {}", instances.join(" and "));
    for turn in 0.. {
        let (mut client, _) = listener.accept().await?;
        let instances = instances.clone();
        tokio::spawn(async move {
            for place in 0..instances.len() {
                if let Ok(mut instance) =
                    TcpStream::connect(&instances[(turn + place) % instances.len()]).await
                {
                    // Either side may break off: that is theirs to notice.
                    let _ = copy_bidirectional(&mut client, &mut instance).await;
                    return;
                }
            }
        });
    }
    Ok(())
}
