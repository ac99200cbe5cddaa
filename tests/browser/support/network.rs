//! The network state that the browser reports.

use super::fakes::set_online;

/// Makes the page believe that it is offline, until the network comes back or this is dropped.
pub struct Network(());

impl Network {
    pub fn away() -> Self {
        set_online(false);
        Self(())
    }

    pub fn comes_back(self) {
        drop(self);
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        set_online(true);
    }
}
