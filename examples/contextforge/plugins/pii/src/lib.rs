//! The native half of the PII plugin: the Python module `mcp_contextforge_plugin_pii._native`.

mod mask;

use pyo3::prelude::*;

/// Masks e-mail addresses and phone numbers in text.
#[pymodule]
mod _native {
    use pyo3::prelude::*;

    /// `text` with e-mail addresses as `[email]` and phone numbers as `[phone]`.
    #[pyfunction]
    #[pyo3(signature = (text, emails = true, phones = true))]
    fn mask(text: &str, emails: bool, phones: bool) -> String {
        crate::mask::mask(text, emails, phones)
    }
}
