//! What happens with repositories that people have: each class of them as a user would release it,
//! judged by tools that nobody here wrote. Not twice: what is tried elsewhere is named here.
//!
//! | class | its members here | and elsewhere |
//! |---|---|---|
//! | links | `links` | `checkouts.rs`; tests of `pipeline::source`, of `helm::pack` |
//! | rendering, schemas, large files | `rendering` | tests of `helm`: `checks`, `kube`, `schema` |
//! | dependencies of charts | `dependencies` | tests of `helm::vendored` |
//! | versions from git | `tags` | tests of `plan`: `tagged`, `resolve::tests::tagged` |
//! | commits older than their builders | `cutoff` | tests of `pypi::project` |
//! | spellings of a version | `spellings` | tests of `model::version`, of `plan::resolve` |
//! | versions outside of the manifest | `dynamic` | `proposals.rs`; tests of `plan`, `manifests` |
//! | Git LFS | `large` | tests of `pipeline::source` |
//! | build constraints | `constraints` | tests of `plan::discover`, of `plan::resolve` |
//! | programs that know their version | `stamps` | tests of `binary::ldflags` |
//! | variables around git | `hooks` | `bad_input/environment.rs` |
//! | submodules | `submodules` | tests of `pipeline::source` |
//! | lists of checksums | `sums` | `bad_input/lists.rs`; tests of `evidence::checksums` |
//! | bases of images | `base` | `example/images.rs`; tests of `oci::pack` |
//! | settings of git | `settings` | `checkouts.rs`; tests of `pipeline::source` |
//! | a taken output folder | `output` | `bad_input/existing.rs`; tests of `pipeline::out` |

mod archives;
mod base;
mod constraints;
mod cutoff;
mod dependencies;
mod dynamic;
mod hooks;
mod large;
mod links;
mod output;
mod rendering;
mod samples;
mod server;
mod settings;
mod spellings;
mod stamps;
mod submodules;
mod sums;
mod tags;
mod tree;
