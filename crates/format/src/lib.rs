//! What a format is to the rest of the program: a few traits, and the values that they speak in.
//!
//! [`Plans`] is all that is known before anything is built, [`Builds`] how it is built,
//! [`Inspects`] what is known of the result. A product hands tables of formats to
//! whoever plans, builds and verifies; nobody else names one. This crate knows no format.

mod builds;
mod checks;
pub mod codes;
mod context;
mod discovers;
mod go_json;
mod inspects;
mod keys;
mod locate;
mod origin;
mod pattern;
mod plans;
mod product;
mod push;
mod suggest;
mod table;
mod versions;

pub use builds::{
    BuildContext, Builds, CargoJob, Data, Demand, ENGINE, Fetch, FetchedFile, GIVEN, Ingredients,
    Job, Needed, Needs, Offered, below,
};
pub use checks::{Check, Checks, Refuses};
pub use context::Context;
pub use discovers::{
    Discovers, Discovery, Pair, ProposedPackage, is_shipped, is_template, plain_name, quoted,
};
pub use go_json::go_json;
pub use inspects::{
    Around, Downloads, Form, Headings, Inspects, Kind, Recognised, ServedLayer, expect, read,
};
pub use keys::{Key, Section, Shape, key};
pub use locate::at_artifact;
pub use origin::{Origin, Origins};
pub use pattern::{fits, overlap};
pub use plans::{
    Asked, Destination, Facts, ManifestFacts, Offer, OfferKind, Part, Plans, ReleaseDraft,
    ResolvedPackage,
};
pub use product::{Product, no_error, nothing_to_build, only_output, only_warnings};
pub use push::{BlobBytes, Push, PushSource, PushedBlob, PushedManifest};
pub use suggest::suggest;
pub use table::{PackageTable, Value, Values, unique};
pub use versions::{GIT_TAG, Versions, check_spelling};
