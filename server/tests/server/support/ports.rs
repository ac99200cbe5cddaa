//! Ports that nobody else takes in the meantime.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// A port that refuses connections while this value lives: bound, but not listened on.
pub struct ClosedPort(TcpSocket);

impl ClosedPort {
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        Self(socket)
    }

    pub fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }
}

/// Returns a port that nobody listens on at the moment, for a program that cannot be asked which one it chose. Not an
/// ephemeral port: the system could give that to somebody else before the program binds it.
pub async fn free_port() -> SocketAddr {
    loop {
        let chosen = getrandom::u32().unwrap() % 12_000;
        let address = SocketAddr::from(([127, 0, 0, 1], 20_000 + chosen as u16));
        if TcpListener::bind(address).await.is_ok() {
            return address;
        }
    }
}
