//! How a release is published: what is published where, and the one driver that does it.
//!
//! Each [`Destination`] answers one question and takes one order, for one [`Item`] after another:
//! *do you hold these bytes under this name?* and *take them*. [`publish`] asks every destination
//! about every item before it writes anything anywhere, writes what is absent, and asks again. So a
//! run that was killed is simply run again, and a second run writes nothing.
//!
//! This crate knows no protocol, and not how a release is built, sealed or verified.

pub mod codes;
mod concurrency;
mod destination;
mod driver;
mod local;
mod precedence;

pub use concurrency::map_concurrently;
pub use destination::{Answer, Destination, Item, Phase};
pub use driver::{Event, ItemReport, ItemStatus, Listener, Options, Run, publish};
pub use local::{Local, Measure};
pub use precedence::{newest_above, release_numbers};
