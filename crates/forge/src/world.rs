//! All that the services hold, and which of them a request is for.

use crate::artifacts::{self, Artifacts};
use crate::exchange::{Call, Reply};
use crate::github::{self, Github};
use crate::index::{self, Index};
use crate::issuer::{self, Issuer};
use crate::registry::{self, Keys, Registry};
use crate::server::Sites;
use crate::{Service, Setup};

/// What the services hold.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The OCI registry's.
    pub registry: Registry,
    /// GitHub's.
    pub github: Github,
    /// The Python index's.
    pub index: Index,
    /// The artifact service's.
    pub artifacts: Artifacts,
    /// Tokens given out. They are no content: a stale answer knows them all the same.
    pub(crate) keys: Keys,
    pub(crate) issuer: Issuer,
}

/// What every service is given beside the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub setup: &'a Setup,
    pub sites: &'a Sites,
}

impl World {
    /// Answers a request. One that broke off reaches only the services that keep a part.
    pub(crate) fn answer(&mut self, place: Place<'_>, call: &Call) -> Reply {
        let keeps = match call.service {
            Service::Registry => call.method == "PATCH",
            Service::Uploads => true,
            _ => false,
        };
        if !call.complete && !keeps {
            return Reply::default();
        }
        match call.service {
            Service::Registry => registry::answer(self, place, call),
            Service::Tokens => registry::give_token(self, place, call),
            Service::Api => github::answer(self, place, call),
            Service::Uploads => github::upload(self, place, call),
            Service::Objects if call.path.starts_with("/blob/") => registry::object(self, call),
            Service::Objects => github::object(self, call),
            Service::Index => index::answer(self, place, call),
            Service::Artifacts => artifacts::answer(self, place, call),
            Service::Issuer => issuer::answer(self, place, call),
        }
    }

    /// The state before the last write, with the tokens of today.
    pub(crate) fn stale(&self, before: &Self) -> Self {
        Self { keys: self.keys.clone(), issuer: self.issuer.clone(), ..before.clone() }
    }
}
