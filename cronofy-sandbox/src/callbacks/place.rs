//! Where callbacks may go: to this machine, and to hosts that were allowed in so many words.
//!
//! A URL comes from a request, so it must not lead the sandbox where the requester could not go. What is judged is
//! the address that is then connected to. Only allowed names are looked up, once an attempt, and one bad address
//! among the answers spoils them all.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Position, Url};

/// Hosts besides this machine that callbacks may go to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    names: BTreeSet<String>,
    addresses: BTreeSet<IpAddr>,
}

/// Where one callback goes.
#[derive(Clone, Debug)]
pub(super) struct Target {
    place: Place,
    port: u16,
    /// The value of `Host`.
    pub(super) authority: String,
    pub(super) path_and_query: String,
}

#[derive(Clone, Debug)]
enum Place {
    Address(IpAddr),
    Name(String),
}

impl Places {
    /// Allows a name or an address. `Err` says why it cannot be allowed.
    pub(crate) fn allow(&mut self, host: &str) -> Result<(), String> {
        let bracketed = host.parse::<Ipv6Addr>().map_or_else(|_| host.to_owned(), |ip| format!("[{ip}]"));
        let unusual = |c: char| !c.is_ascii_alphanumeric() && !"-._".contains(c);
        let address = match Host::parse(&bracketed) {
            Ok(Host::Domain(name)) if !name.contains(unusual) => {
                self.names.insert(name);
                return Ok(());
            }
            Ok(Host::Ipv4(ip)) => IpAddr::from(ip),
            Ok(Host::Ipv6(ip)) => IpAddr::from(ip),
            Ok(Host::Domain(_)) | Err(_) => {
                return Err("it is neither a host name nor an IP address".to_owned());
            }
        };
        if let Some(what) = never(address) {
            return Err(format!("it is {what}: nothing is ever sent there"));
        }
        self.addresses.insert(address);
        Ok(())
    }

    /// Where `url` leads, or why nothing is sent there.
    pub(super) fn admit(&self, url: &str) -> Result<Target, &'static str> {
        let url = Url::parse(url).map_err(|_| "not a URL")?;
        if url.scheme() != "http" {
            return Err("the sandbox sends callbacks over plain http only");
        }
        let place = match url.host() {
            Some(Host::Ipv4(ip)) => self.address(ip.into())?,
            Some(Host::Ipv6(ip)) => self.address(ip.into())?,
            Some(Host::Domain("localhost")) => Place::Address(Ipv4Addr::LOCALHOST.into()),
            Some(Host::Domain(name)) if self.names.contains(name) => Place::Name(name.to_owned()),
            Some(Host::Domain(_)) | None => return Err(ELSEWHERE),
        };
        Ok(Target {
            place,
            port: url.port_or_known_default().unwrap_or(80),
            authority: url[Position::BeforeHost..Position::AfterPort].to_owned(),
            path_and_query: url[Position::BeforePath..Position::AfterQuery].to_owned(),
        })
    }

    fn address(&self, ip: IpAddr) -> Result<Place, &'static str> {
        let admitted = ip.is_loopback() || self.addresses.contains(&ip);
        if admitted { Ok(Place::Address(ip)) } else { Err(ELSEWHERE) }
    }
}

const ELSEWHERE: &str = "the sandbox sends callbacks to this machine only, and to hosts that were allowed";

impl Target {
    /// What to connect to in one attempt.
    pub(super) async fn addresses(
        &self,
        look_up: impl AsyncFn(&str) -> io::Result<Vec<IpAddr>>,
    ) -> Result<Vec<SocketAddr>, String> {
        let addresses = match &self.place {
            Place::Address(ip) => vec![*ip],
            Place::Name(name) => {
                let found = look_up(name).await.map_err(|error| format!("{name} was not found: {error}"))?;
                if let Some((ip, what)) = found.iter().find_map(|ip| Some((ip, never(*ip)?))) {
                    return Err(format!("{name} leads to {ip}, which is {what}: nothing is ever sent there"));
                }
                found
            }
        };
        Ok(addresses.into_iter().map(|ip| SocketAddr::new(ip, self.port)).collect())
    }
}

/// Asks the name service of this machine.
pub(super) async fn look_up(name: &str) -> io::Result<Vec<IpAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
}

/// `url` as it may be shown: without its query, where secrets are embedded.
pub(super) fn shown(url: &str) -> String {
    Url::parse(url).map_or_else(|_| String::new(), |url| url[..Position::AfterPath].to_owned())
}

/// What an address is that nothing is sent to, whoever allows it.
fn never(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) if ip.octets()[0] == 0 => Some("no address of a machine"),
        IpAddr::V4(ip) if ip.is_link_local() => Some("link-local, where clouds give out credentials"),
        IpAddr::V4(ip) if ip.is_multicast() || ip.is_broadcast() => Some("an address of many machines"),
        IpAddr::V4(_) | IpAddr::V6(Ipv6Addr::LOCALHOST) => None,
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Some("no address of a machine"),
        IpAddr::V6(METADATA) => Some("where a cloud gives out credentials"),
        IpAddr::V6(ip) if ip.is_unicast_link_local() => Some("link-local"),
        IpAddr::V6(ip) if ip.is_multicast() => Some("an address of many machines"),
        IpAddr::V6(ip) => match ip.segments() {
            [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0x64, 0xff9b, ..] => Some("an IPv4 address in disguise"),
            _ => None,
        },
    }
}

/// The instance metadata of Amazon EC2, which lies among private addresses.
const METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn allowing(hosts: &[&str]) -> Places {
        let mut places = Places::default();
        for host in hosts {
            places.allow(host).expect("it can be allowed");
        }
        places
    }

    #[tokio::test]
    async fn s32_only_this_machine_is_sent_to() {
        let places = Places::default();
        for here in
            ["http://127.0.0.1:1/a?b=c", "http://LOCALHOST/a", "http://[::1]:9/", "http://2130706433/"]
        {
            let target = places.admit(here).expect(here);
            let nobody = async |_: &str| unreachable!("no name is looked up");
            let addresses = target.addresses(nobody).await.expect(here);
            assert!(addresses.iter().all(|address| address.ip().is_loopback()), "{here}");
        }
        for away in [
            "https://127.0.0.1/a",
            "http://192.0.2.1/",
            "http://169.254.169.254/latest",
            "http://[::ffff:127.0.0.1]/",
            "http://localhost.example/",
            "http://localhost./",
            "http://0.0.0.0/",
            "nonsense",
        ] {
            assert!(places.admit(away).is_err(), "{away}");
        }
    }

    #[test]
    fn s32_what_is_allowed_is_allowed_in_so_many_words() {
        let places = allowing(&["host.docker.internal", "172.17.0.1", "FD12::1"]);
        for url in ["http://HOST.docker.internal:8080/a", "http://172.17.0.1/", "http://[fd12::1]/"] {
            assert!(places.admit(url).is_ok(), "{url}");
        }
        for url in [
            "http://docker.internal/",
            "http://a.host.docker.internal/",
            "http://host.docker.internal./",
            "http://host.docker.internal@192.0.2.1/",
            "http://172.17.0.2/",
            "http://[::ffff:172.17.0.1]/",
        ] {
            assert!(places.admit(url).is_err(), "{url}");
        }
    }

    #[test]
    fn s32_some_addresses_cannot_be_allowed() {
        for host in [
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "[fe80::1]",
            "ff02::1",
            "::ffff:172.17.0.1",
            "::ffff:127.0.0.1",
            "::172.17.0.1",
            "64:ff9b::a9fe:a9fe",
            "fd00:ec2::254",
            "*",
            "*.example",
            "http://a.example",
            "a.example:80",
            "",
        ] {
            assert!(Places::default().allow(host).is_err(), "{host}");
        }
    }

    #[tokio::test]
    async fn s32_a_name_that_leads_astray_is_not_followed() {
        let target =
            allowing(&["hooks.example"]).admit("http://hooks.example:8080/a").expect("it is allowed");
        for astray in ["169.254.169.254", "fe80::1", "0.0.0.0", "::ffff:169.254.169.254"] {
            let answer = ["172.17.0.1", astray].map(|ip| ip.parse::<IpAddr>().expect("an address"));
            let refused = target.addresses(async |_: &str| Ok(answer.to_vec())).await;
            assert!(refused.is_err_and(|why| why.contains(astray)), "{astray}");
        }
    }

    /// A name server that changes its mind between the check and the connection finds nobody who asks again.
    #[tokio::test]
    async fn s32_rebinding_finds_no_second_look_up() {
        let target =
            allowing(&["hooks.example"]).admit("http://hooks.example:8080/a").expect("it is allowed");
        let answers = RefCell::new(vec![[169, 254, 169, 254], [172, 17, 0, 1]]);
        let look_up =
            async |_: &str| Ok(answers.borrow_mut().pop().map(IpAddr::from).into_iter().collect::<Vec<_>>());
        assert_eq!(target.addresses(&look_up).await, Ok(vec![SocketAddr::from(([172, 17, 0, 1], 8080))]));
        assert_eq!(answers.borrow().len(), 1, "what is connected to is what was checked");
        assert!(target.addresses(&look_up).await.is_err(), "the next attempt checks anew");
    }

    #[test]
    fn what_is_shown_has_no_query() {
        assert_eq!(shown("https://hooks.example/a?key=hush"), "https://hooks.example/a");
    }
}
