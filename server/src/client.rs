//! The client address of a request.

use std::net::{AddrParseError, IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

use axum::http::{Extensions, HeaderMap};
use ipnet::{IpNet, Ipv4Net};
use tracing::warn;

/// The client's IP address, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Set once the log says that an entry of a trusted proxy cannot be parsed: each request would say the same.
static WARNED: Once = Once::new();

/// Parses the address or the network (`10.0.0.0/8`) of a proxy into the form in which it is compared: a listener on
/// `[::]` sees IPv4 as `::ffff:192.0.2.1`, and people write it that way, too.
///
/// # Errors
/// It is neither.
pub fn parse_proxy(text: &str) -> anyhow::Result<IpNet> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.to_canonical().into());
    }
    let network: IpNet = text
        .parse()
        .map_err(|_| anyhow::anyhow!("an address such as 192.0.2.1, or a network such as 10.0.0.0/8"))?;
    let mapped = match network {
        IpNet::V6(network) => network.addr().to_ipv4_mapped().zip(network.prefix_len().checked_sub(96)),
        IpNet::V4(_) => None,
    };
    Ok(match mapped {
        Some((address, prefix)) => Ipv4Net::new(address, prefix)?.into(),
        None => network,
    })
}

/// Parses an entry of `X-Forwarded-For`. Some proxies add the client's port, and some write IPv6 in brackets.
fn parse_hop(text: &str) -> Result<IpAddr, AddrParseError> {
    let text = text.trim();
    let without_brackets = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    without_brackets
        .parse()
        .or_else(|error| text.parse().map(|address: SocketAddr| address.ip()).map_err(|_| error))
        .map(|address: IpAddr| address.to_canonical())
}

/// Whether a request comes from a trusted proxy, whose forwarding headers are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerIsTrusted(pub bool);

impl PeerIsTrusted {
    /// Returns whether `peer` is one of the trusted proxies.
    pub fn among(trusted_proxies: &[IpNet], peer: IpAddr) -> Self {
        let peer = peer.to_canonical();
        Self(trusted_proxies.iter().any(|network| network.contains(&peer)))
    }
}

impl ClientAddress {
    /// Returns the address that the listener recorded.
    pub fn of(extensions: &Extensions) -> Self {
        // Without a listener (as in a unit test), all requests share one address, and are limited together.
        let unknown = Self(Ipv4Addr::UNSPECIFIED.into());
        extensions.get().copied().unwrap_or(unknown)
    }

    /// Returns the client's address behind a connection from `peer`: as reported by a trusted proxy, otherwise `peer`
    /// itself.
    ///
    /// Anyone can send `X-Forwarded-For`, so only the entries that trusted proxies added are believed: reading from its
    /// end, the first address that is not a trusted proxy's.
    pub fn behind(peer: IpAddr, headers: &HeaderMap, trusted_proxies: &[IpNet]) -> Self {
        let mut client = peer.to_canonical();
        let forwarded: Vec<_> = headers
            .get_all("x-forwarded-for")
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .collect();
        for hop in forwarded.into_iter().rev() {
            if !PeerIsTrusted::among(trusted_proxies, client).0 {
                break;
            }
            let Ok(address) = parse_hop(hop) else {
                // Without the entry, which may contain anything.
                WARNED.call_once(|| {
                    warn!(
                        proxy = %client,
                        "an entry in the X-Forwarded-For of a trusted proxy is no address, so its clients count as \
                         one; this is not logged again"
                    );
                });
                break;
            };
            client = address;
        }
        Self(client)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let headers = forwarded
            .iter()
            .map(|value| ("x-forwarded-for".parse().unwrap(), value.parse().unwrap()))
            .collect();
        let trusted: Vec<_> = trusted.iter().map(|proxy| parse_proxy(proxy).unwrap()).collect();
        ClientAddress::behind(peer.parse().unwrap(), &headers, &trusted).0.to_string()
    }

    #[test]
    fn nobody_is_believed_by_default() {
        assert_eq!(client("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_is_believed_only_about_its_own_peer() {
        let proxies = ["192.0.2.1", "192.0.2.2"];
        let behind = |forwarded| client("192.0.2.1", forwarded, &proxies);
        assert_eq!(behind(&["198.51.100.7"]), "198.51.100.7");
        assert_eq!(behind(&["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(behind(&["203.0.113.9", "198.51.100.7, 192.0.2.2"]), "198.51.100.7");
        assert_eq!(behind(&["nonsense"]), "192.0.2.1");
        assert_eq!(behind(&[]), "192.0.2.1");
    }

    #[test]
    fn a_network_of_proxies_is_believed() {
        let proxies = ["10.0.0.0/8", "2001:db8::/32"];
        let behind = |peer, forwarded| client(peer, &[forwarded], &proxies);
        assert_eq!(behind("10.255.0.1", "198.51.100.7"), "198.51.100.7");
        assert_eq!(behind("::ffff:10.1.2.3", "198.51.100.7, 10.0.0.9"), "198.51.100.7");
        assert_eq!(behind("2001:db8:1::1", "2001:db9::1"), "2001:db9::1");
        assert_eq!(behind("11.0.0.1", "198.51.100.7"), "11.0.0.1");
        assert_eq!(behind("2001:db9::1", "198.51.100.7"), "2001:db9::1");
    }

    #[test]
    fn a_proxy_that_adds_ports_is_understood() {
        let behind = |forwarded| client("192.0.2.1", &[forwarded], &["192.0.2.1"]);
        for (entry, address) in [
            ("203.0.113.5:4711", "203.0.113.5"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[::ffff:203.0.113.5]:1", "203.0.113.5"),
            ("198.51.100.7, 203.0.113.5:4711", "203.0.113.5"),
            // No address of anybody.
            ("203.0.113.5:", "192.0.2.1"),
            ("203.0.113.5:65536", "192.0.2.1"),
            ("[2001:db8::1", "192.0.2.1"),
            ("unknown", "192.0.2.1"),
            ("", "192.0.2.1"),
        ] {
            assert_eq!(behind(entry), address, "{entry}");
        }
    }

    #[test]
    fn proxies_that_cannot_be() {
        for text in ["", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::/129", "10.0.0.1:80", "all"]
        {
            let error = parse_proxy(text).unwrap_err().to_string();
            assert!(error.contains("10.0.0.0/8"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn every_way_to_write_an_address_is_the_same(address: IpAddr, port: u16) {
            let written = match address {
                IpAddr::V4(_) => vec![address.to_string()],
                IpAddr::V6(_) => vec![address.to_string(), format!("[{address}]")],
            };
            let with_port = SocketAddr::new(address, port).to_string();
            for text in written.into_iter().chain([with_port]) {
                prop_assert_eq!(parse_hop(&text), Ok(address.to_canonical()), "{}", text);
            }
        }

        #[test]
        fn an_ipv4_network_may_be_written_as_part_of_ipv6(address: Ipv4Addr, prefix in 0..=32_u8) {
            let plain = parse_proxy(&format!("{address}/{prefix}")).unwrap();
            let mapped = parse_proxy(&format!("::ffff:{address}/{}", prefix + 96)).unwrap();
            prop_assert_eq!(plain, mapped);
            prop_assert!(PeerIsTrusted::among(&[plain], address.to_ipv6_mapped().into()).0);
        }

        #[test]
        fn a_header_is_never_a_panic(text in "[0-9a-f.:,\\[\\] ]{0,60}") {
            let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), text.parse().unwrap())]);
            ClientAddress::behind(Ipv4Addr::LOCALHOST.into(), &headers, &["0.0.0.0/0".parse().unwrap()]);
        }
    }

    #[test]
    fn an_ipv4_peer_of_an_ipv6_socket_is_an_ipv4_peer() {
        assert_eq!(client("::ffff:192.0.2.1", &[], &[]), "192.0.2.1");
    }
}
