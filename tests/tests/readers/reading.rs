//! What a reader made of an input.

use model::Digest;
use serde_json::Value;

/// A value to compare, or why it refused.
pub type Reading = Result<Value, String>;

/// A name of some content.
pub fn digest(bytes: &[u8]) -> String {
    Digest::of(bytes).short()
}
