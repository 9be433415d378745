//! What every service is given besides the request.

use crate::service::Addresses;
use crate::setup::Setup;

/// The settings the forge was started with, and where its services listen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub setup: &'a Setup,
    pub addresses: &'a Addresses,
}
