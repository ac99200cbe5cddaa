//! Requests byte by byte, which no well-behaved client can send.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Long enough that only a server that hangs exceeds it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends bytes and returns everything that is received until the server closes the connection.
///
/// A server that refuses early may close it while bytes are still in flight; what it sent until then counts.
pub async fn exchange(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let mut answer = Vec::new();
    let write = async {
        let _ = writing.write_all(request).await;
    };
    let read = async {
        let _ = reading.read_to_end(&mut answer).await;
    };
    timeout(PATIENCE, async { tokio::join!(write, read) }).await.expect("the server hangs");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Returns the status code of a response; `None` if there was no response.
pub fn status(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// A connection for many requests in sequence, kept for as long as the server keeps it.
pub struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

/// The parts of a response that the tests read.
pub struct RawAnswer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Connection {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends one request and reads its response. If the kept connection was closed in the meantime, tries again on a
    /// new one.
    pub async fn send(&mut self, method: &str, request: &[u8]) -> io::Result<RawAnswer> {
        if let Some(stream) = self.stream.take()
            && let Ok(answer) = self.exchange(stream, method, request).await
        {
            return Ok(answer);
        }
        let stream = BufReader::new(TcpStream::connect(self.address).await?);
        self.exchange(stream, method, request).await
    }

    async fn exchange(
        &mut self,
        mut stream: BufReader<TcpStream>,
        method: &str,
        request: &[u8],
    ) -> io::Result<RawAnswer> {
        // A server that refuses early may close the connection before everything is written; the response is there
        // anyway.
        let _ = stream.write_all(request).await;
        let mut line = String::new();
        timeout(PATIENCE, stream.read_line(&mut line)).await??;
        let status = status(&line).ok_or_else(|| io::Error::other(format!("not an answer: {line:?}")))?;
        let (mut length, mut keep) = (0, true);
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            match line.trim_end().split_once(": ") {
                Some(("content-length", value)) => length = value.parse().map_err(io::Error::other)?,
                Some(("connection", "close")) => keep = false,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; if method == "HEAD" || [204, 304].contains(&status) { 0 } else { length }];
        stream.read_exact(&mut body).await?;
        if keep {
            self.stream = Some(stream);
        }
        Ok(RawAnswer { status, body })
    }
}
