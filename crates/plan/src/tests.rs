//! What the tests of this crate share.

use format::{Discovers, Plans};

/// The formats of the product.
pub(crate) static FORMATS: &[&dyn Plans] = &[&pypi::Pypi, &oci::Oci, &binary::Binary, &helm::Helm];

/// Those that find packages to propose.
pub(crate) static DISCOVERS: &[&dyn Discovers] =
    &[&pypi::Pypi, &binary::Binary, &oci::Oci, &helm::Helm];
