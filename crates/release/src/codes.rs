//! The codes of this crate.

model::codes! {
    /// What `cargo metadata` says {why}.
    CARGO_METADATA = "cargo-metadata", Invalid;
    /// Is not the manifest that `helm push` would make of the chart beside it.
    CHART_MANIFEST = "chart-manifest", Invalid;
    /// Holds the {what} `{found}`, expected `{expected}`.
    CHART_OTHER = "chart-other", Differs;
    /// Holds the {what} `{found}`, expected `{expected}`.
    CONTENTS_DIFFER = "contents-differ", Invalid;
    /// Does not lie among a layout's blobs.
    IMAGE_PATH = "image-path", Invalid;
    /// Leg {first} and leg {number} disagree on `{}`.
    LEG_DISAGREE = "leg-disagree", Invalid;
    /// The record of leg {number} {}.
    LEG_MISSING = "leg-missing", Absent;
    /// Leg {} was built from other sources.
    LEG_SOURCE = "leg-source", Invalid;
    /// Leg {number} does not tell what became of exactly its units.
    LEG_UNITS = "leg-units", Invalid;
    /// There is no leg {number}: the plan has {}.
    LEG_UNKNOWN = "leg-unknown", Usage;
    /// `{}` is no `dist/`, so it has no manifest.
    MANIFEST_OTHER = "manifest-other", Differs;
    /// `{}` left {} files that fit `{name}`, expected one; it left: {}.
    OUTPUT_MISSING = "output-missing", Invalid;
    /// The plan has digest {found}, expected {expected}.
    PLAN_CHANGED = "plan-changed", Differs;
    /// The plan has no package `{}`.
    PLAN_PACKAGE = "plan-package", Invalid;
    /// Says the {what} of `{}` is `{found}`, expected `{expected}`.
    RECORD_DIFFERS = "record-differs", Differs;
    /// Is where no file of its unit can be.
    RECORD_PATH = "record-path", Invalid;
    /// Does not tell what became of each unit of its plan, in the plan's order.
    RECORD_UNIT = "record-unit", Invalid;
    /// `{}` has nothing to be made from {platform}.
    UNIT_EMPTY = "unit-empty", Invalid;
    /// Its backend compiled code: `{name}` is for `{tag}` alone, and was to be a wheel for any.
    WHEEL_PLATFORM = "wheel-platform", Invalid;
    /// Wheel version.
    WHEEL_VERSION = "wheel-version", Invalid;
}
