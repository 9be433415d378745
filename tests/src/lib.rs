//! What the whole-product tests share: the judges, and folders that vanish after use.
//!
//! A whole-product test drives the `package-actions` binary from outside and asks strangers what
//! they think of what came out. Only who forges a release uses the product's crates: a good forger
//! has the same tools as the publisher.

pub mod base;
pub mod forgery;
pub mod golden;
pub mod judges;
pub mod product;
pub mod release;
pub mod repository;
pub mod sample;
pub mod scratch;
pub mod skip;
pub mod whole;
pub mod yaml;
