//! Origins that no connection could be made to.

use std::collections::BTreeSet;
use std::sync::Mutex;

use reqwest::Url;

/// Origins where all attempts of a request ended without a connection. A run has many questions for
/// one origin: only the first one waits for it to come up, the others try once. Any other failure
/// there is retried as usual.
#[derive(Default)]
pub(crate) struct UnreachableOrigins(Mutex<BTreeSet<String>>);

impl UnreachableOrigins {
    pub(crate) fn contains(&self, origin: &str) -> bool {
        self.0.lock().is_ok_and(|origins| origins.contains(origin))
    }

    pub(crate) fn insert(&self, origin: &str) {
        if let Ok(mut origins) = self.0.lock() {
            origins.insert(origin.to_owned());
        }
    }

    /// The origin of `url` has answered.
    pub(crate) fn remove(&self, url: &Url) {
        if let Ok(mut origins) = self.0.lock() {
            origins.remove(&origin(url));
        }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// What an address has before its path.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
