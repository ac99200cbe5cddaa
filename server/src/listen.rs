//! The listener: connections, their limits, and how they end.
//!
//! `axum::serve` is not used because it limits neither how long the headers of a request may take nor how long a client
//! may read nothing of its response, so a few thousand silent clients would keep everybody else out.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use tracing::{debug, info, warn};

use crate::client::{ClientAddress, PeerIsTrusted};
use crate::config::Config;
use crate::places::{Busy, Place, Places};
use crate::stall::Stalling;

/// Serves connections until `shutdown` completes, then accepts no more and finishes the requests in flight, for
/// [`Limits::drain_time`](crate::config::Limits::drain_time) at most.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    config: &Config,
    shutdown: impl Future<Output = ()>,
) {
    let server = Server::new(router, config);
    let places = Places::new(config.limits.connections);
    let connections = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            let connection = listener.accept().await?;
            // While all connections are busy, this client waits here, and others in the operating system's queue.
            Ok::<_, io::Error>((connection, places.take().await))
        };
        let accepted = tokio::select! {
            accepted = accepted => accepted,
            () = &mut shutdown => break,
        };
        let ((stream, peer), (place, lost)) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // The client has gone, or the process has no file descriptors left; the latter takes a while to pass.
                warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let connection = connections.watch(server.connection(stream, peer, place));
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => {
                    if let Err(error) = ended {
                        debug!(%error, "a connection ended early");
                    }
                }
                () = lost.wait() => debug!("an idle connection made room for another"),
            }
        });
    }
    drop(listener);
    info!("stopping");
    if timeout(config.limits.drain_time, connections.shutdown()).await.is_err() {
        warn!("some requests did not finish in time");
    }
}

struct Server {
    http: http1::Builder,
    router: Router,
    trusted_proxies: Arc<[IpNet]>,
    write_time: Duration,
}

impl Server {
    fn new(router: Router, config: &Config) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(config.limits.header_time)
            .max_header_size(config.limits.header_bytes);
        Self {
            http,
            router,
            trusted_proxies: config.trusted_proxies.clone().into(),
            write_time: config.limits.write_time,
        }
    }

    fn connection(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        place: Place,
    ) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send + use<> {
        // Responses are small and complete; waiting for more to send would only delay them.
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "cannot set TCP_NODELAY");
        }
        let router = self.router.clone();
        let trusted_proxies = Arc::clone(&self.trusted_proxies);
        let place = Arc::new(place);
        let stream = Stalling::new(stream, self.write_time, Arc::clone(&place));
        let service = service_fn(move |mut request: Request<Incoming>| {
            let client = ClientAddress::behind(peer.ip(), request.headers(), &trusted_proxies);
            request.extensions_mut().insert(client);
            request.extensions_mut().insert(PeerIsTrusted::among(&trusted_proxies, peer.ip()));
            let busy = place.busy();
            let response = router.clone().oneshot(request.map(Body::new));
            async move {
                let Some(busy) = busy else {
                    // The connection is being closed. Nothing may begin that nobody would hear of.
                    return std::future::pending().await;
                };
                let response = response.await?;
                Ok::<_, Infallible>(response.map(|body| Answer { body, _busy: busy }))
            }
        });
        self.http.serve_connection(TokioIo::new(stream), service)
    }
}

/// The body of a response. Until all of it is sent, its connection is busy.
struct Answer {
    body: Body,
    _busy: Busy,
}

impl hyper::body::Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
