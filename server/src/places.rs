//! Places for connections, of which there is a limited number.
//!
//! While all are taken, a new client gets the place of the connection that has been idle longest: one on which no
//! request is being answered, so nothing is lost. Otherwise a few hundred silent clients would keep everybody else out
//! for as long as a connection may be idle, supervisors included, which would restart a healthy process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{Notify, oneshot};

/// The places. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Places(Arc<Shared>);

struct Shared {
    most: usize,
    taken: Mutex<Taken>,
    /// Notified when a connection ends or becomes idle.
    change: Notify,
}

#[derive(Default)]
struct Taken {
    next: u64,
    by_number: HashMap<u64, Connection>,
}

struct Connection {
    /// How many things it is busy with: requests whose response is not complete, and writes that wait for the client.
    busy: usize,
    /// When it was last busy.
    last_busy: Instant,
    /// Dropped when the place is given to somebody else.
    _kept: oneshot::Sender<()>,
}

impl Places {
    /// Creates as many places.
    pub(crate) fn new(most: usize) -> Self {
        let taken = Mutex::default();
        Self(Arc::new(Shared { most, taken, change: Notify::new() }))
    }

    /// Takes a place. If none is free, takes that of the connection that has been idle longest; if none is idle, waits.
    pub(crate) async fn take(&self) -> (Place, Lost) {
        loop {
            if let Some(place) = self.try_take() {
                return place;
            }
            // A change since then is not missed: `notify_one` is remembered.
            self.0.change.notified().await;
        }
    }

    fn try_take(&self) -> Option<(Place, Lost)> {
        let mut taken = self.0.lock();
        if taken.by_number.len() >= self.0.most {
            let idle = taken.by_number.iter().filter(|(_, connection)| connection.busy == 0);
            let longest = *idle.min_by_key(|(_, connection)| connection.last_busy)?.0;
            taken.by_number.remove(&longest);
        }
        let (kept, lost) = oneshot::channel();
        let number = taken.next;
        taken.next += 1;
        let connection = Connection { busy: 0, last_busy: Instant::now(), _kept: kept };
        taken.by_number.insert(number, connection);
        Some((Place { shared: Arc::clone(&self.0), number }, Lost(lost)))
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Taken> {
        // A panic cannot leave the map in an inconsistent state.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a connection. Dropping it frees the place.
pub(crate) struct Place {
    shared: Arc<Shared>,
    number: u64,
}

impl Place {
    /// Marks the connection as busy until the returned value is dropped; `None` if somebody else has got its place.
    pub(crate) fn busy(&self) -> Option<Busy> {
        let mut taken = self.shared.lock();
        taken.by_number.get_mut(&self.number)?.busy += 1;
        Some(Busy { shared: Arc::clone(&self.shared), number: self.number })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.lock().by_number.remove(&self.number);
        self.shared.change.notify_one();
    }
}

/// Keeps a connection's place from being given to somebody else.
pub(crate) struct Busy {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(connection) = self.shared.lock().by_number.get_mut(&self.number) {
            connection.busy -= 1;
            connection.last_busy = Instant::now();
        }
        self.shared.change.notify_one();
    }
}

/// Tells a connection that somebody else has got its place.
pub(crate) struct Lost(oneshot::Receiver<()>);

impl Lost {
    /// Completes when the place is lost.
    pub(crate) async fn wait(self) {
        // The sender is never used, only dropped.
        let _ = self.0.await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn take(places: &Places) -> (Place, Lost) {
        timeout(Duration::from_secs(10), places.take()).await.expect("there is no place")
    }

    async fn is_lost(lost: Lost) {
        timeout(Duration::from_secs(10), lost.wait()).await.expect("the place is not lost");
    }

    async fn waits(places: &Places) -> bool {
        timeout(Duration::from_millis(50), places.take()).await.is_err()
    }

    #[tokio::test]
    async fn whoever_is_idle_longest_makes_room() {
        let places = Places::new(2);
        let (first, first_lost) = take(&places).await;
        let (second, second_lost) = take(&places).await;
        drop(first.busy());
        let (third, _third_lost) = take(&places).await;
        is_lost(second_lost).await;
        assert!(second.busy().is_none(), "nothing begins on it any more");
        drop(second);
        drop(third.busy());
        let (_fourth, _) = take(&places).await;
        is_lost(first_lost).await;
        assert!(third.busy().is_some());
    }

    #[tokio::test]
    async fn whoever_is_busy_stays() {
        let places = Places::new(1);
        let (place, lost) = take(&places).await;
        let (request, write) = (place.busy(), place.busy());
        assert!(waits(&places).await);
        drop(request);
        assert!(waits(&places).await, "a response is still being written");
        let (next, ()) = tokio::join!(take(&places), async { drop(write) });
        is_lost(lost).await;
        drop(place);
        assert!(next.0.busy().is_some(), "an end that comes late frees nobody else's place");
    }

    #[tokio::test]
    async fn whoever_ends_makes_room() {
        let places = Places::new(1);
        let (place, _lost) = take(&places).await;
        let busy = place.busy();
        let ((_next, _), ()) = tokio::join!(take(&places), async { drop(place) });
        drop(busy);
    }
}
