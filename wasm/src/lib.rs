//! The boundary between JavaScript and the steps of `api`: JSON in, JSON out, bytes where bytes are
//! meant. No decision is taken here, no problem is thrown, and nothing panics.
//!
//! Two modules are made of it: `core`, which every action loads, and `verify`, which looks into
//! files.
//!
//! What a step has to look at (a tree, a release's folder) it asks of a [`Host`], a JavaScript
//! object, while it runs.

mod host;

#[cfg(feature = "verify")]
use signing::Verifier;
use wasm_bindgen::prelude::wasm_bindgen;

pub use host::Host;

/// Smaller and quicker than what Rust brings for WASM: a plan of many packages allocates a lot.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// [`api::plan`] of the tree that `host` shows.
#[cfg(feature = "core")]
#[wasm_bindgen]
#[must_use]
pub fn plan(request: &str, host: &Host) -> String {
    host::planned(host, |tree| {
        api::answer(request, |request| api::plan(request, tree, &|bytes| host.digest(bytes)))
    })
}

/// [`api::event`].
#[cfg(feature = "core")]
#[wasm_bindgen]
#[must_use]
pub fn guard(request: &str) -> String {
    api::answer(request, api::event)
}

/// [`api::version`].
#[cfg(feature = "core")]
#[wasm_bindgen]
#[must_use]
pub fn version(request: &str) -> String {
    api::answer(request, api::version)
}

/// [`api::wheel_name`].
#[cfg(feature = "core")]
#[wasm_bindgen(js_name = wheelName)]
#[must_use]
pub fn wheel_name(request: &str) -> String {
    api::answer(request, api::wheel_name)
}

/// [`api::checksums`].
#[cfg(feature = "core")]
#[wasm_bindgen]
#[must_use]
pub fn checksums(request: &str) -> String {
    api::answer(request, api::checksums)
}

/// [`api::sbom`] of the file `bytes`.
#[cfg(feature = "verify")]
#[wasm_bindgen]
#[must_use]
pub fn sbom(request: &str, bytes: &[u8]) -> String {
    api::answer(request, |request| api::sbom(request, bytes))
}

/// [`api::merge`].
#[cfg(feature = "core")]
#[wasm_bindgen(js_name = mergeSboms)]
#[must_use]
pub fn merge_sboms(request: &str) -> String {
    api::answer(request, api::merge)
}

/// [`api::provenance`].
#[cfg(feature = "core")]
#[wasm_bindgen]
#[must_use]
pub fn provenance(request: &str) -> String {
    api::answer(request, api::provenance)
}

/// [`api::verify`] of the release that `host` shows.
#[cfg(feature = "verify")]
#[wasm_bindgen]
#[must_use]
pub fn verify(request: &str, host: &Host) -> String {
    api::answer(request, |request| api::verify(request, host, &Verifier))
}

/// [`api::annotations`].
#[wasm_bindgen]
#[must_use]
pub fn annotations(problems: &str) -> String {
    api::annotations(problems)
}

#[cfg(all(test, feature = "core", feature = "verify"))]
mod tests {
    use super::*;

    #[test]
    fn every_function_answers_with_json() {
        for request in ["", "{}", "{\"version\":\"1\"}", "\u{0}", "[1]"] {
            let answers = [
                guard(request),
                version(request),
                wheel_name(request),
                checksums(request),
                sbom(request, b"PK\x03\x04"),
                merge_sboms(request),
                provenance(request),
            ];
            for answer in answers {
                let value: serde_json::Value = serde_json::from_str(&answer).unwrap();
                assert!(value["problems"].is_array(), "{request}: {answer}");
            }
        }
    }
}
