//! The client address of a request.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{Extensions, HeaderMap};

/// The client's IP address, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Whether a request comes from a trusted proxy, whose forwarding headers are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerIsTrusted(pub bool);

impl PeerIsTrusted {
    /// Returns whether `peer` is one of the trusted proxies.
    pub fn among(trusted_proxies: &[IpAddr], peer: IpAddr) -> Self {
        Self(trusted_proxies.contains(&peer.to_canonical()))
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
    pub fn behind(peer: IpAddr, headers: &HeaderMap, trusted_proxies: &[IpAddr]) -> Self {
        let trusted = |address: &IpAddr| trusted_proxies.contains(address);
        let mut client = peer.to_canonical();
        let forwarded: Vec<_> = headers
            .get_all("x-forwarded-for")
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .collect();
        for hop in forwarded.into_iter().rev() {
            if !trusted(&client) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => client = address.to_canonical(),
                Err(_) => break,
            }
        }
        Self(client)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let headers = forwarded
            .iter()
            .map(|value| ("x-forwarded-for".parse().unwrap(), value.parse().unwrap()))
            .collect();
        let trusted: Vec<_> = trusted.iter().map(|proxy| proxy.parse().unwrap()).collect();
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
    fn an_ipv4_peer_of_an_ipv6_socket_is_an_ipv4_peer() {
        assert_eq!(client("::ffff:192.0.2.1", &[], &[]), "192.0.2.1");
    }
}
