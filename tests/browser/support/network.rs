//! What the browser says of the network.

use super::fakes::set_online;

/// There is none, as far as the page can tell, until it comes back or this is dropped.
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
