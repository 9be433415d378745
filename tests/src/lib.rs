//! What the whole-product tests share: the judges, and folders that vanish after use.
//!
//! Nothing here knows the product's crates: a whole-product test drives the `package-actions`
//! binary from outside and asks strangers what they think of what came out.

pub mod judges;
pub mod product;
pub mod scratch;
