//! What the tests of this crate share.

use format::Plans;

/// The formats of the product.
pub(crate) static FORMATS: &[&dyn Plans] = &[&pypi::Pypi, &oci::Oci, &binary::Binary, &helm::Helm];
