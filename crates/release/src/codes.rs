//! Codes of builds: of what units leave, of records and legs, and of what artifacts hold.

model::codes! {
    /// The output of `cargo metadata` cannot be parsed.
    CARGO_METADATA = "cargo-metadata", Invalid;
    /// Two legs recorded different results for the same unit or file.
    LEG_DISAGREE = "leg-disagree", Differs;
    /// The record of a leg is missing.
    LEG_MISSING = "leg-missing", Absent;
    /// The legs were built from different sources.
    LEG_SOURCE = "leg-source", Differs;
    /// The record of a leg does not cover exactly the units that the plan gives it.
    LEG_UNITS = "leg-units", Invalid;
    /// The plan has no leg of this number.
    LEG_UNKNOWN = "leg-unknown", Usage;
    /// The build would add or change packages in `Cargo.lock`, not only remove some.
    LOCK_CHANGED = "lock-changed", Differs;
    /// The `Cargo.lock` file cannot be parsed.
    LOCK_SYNTAX = "lock-syntax", Invalid;
    /// The manifest is not the one whose digest was given.
    MANIFEST_OTHER = "manifest-other", Differs;
    /// The plan differs from the one that was made before.
    PLAN_CHANGED = "plan-changed", Differs;
    /// A unit of the plan belongs to a package that the plan does not have.
    PLAN_PACKAGE = "plan-package", Invalid;
    /// The record describes an artifact differently from the plan.
    RECORD_DIFFERS = "record-differs", Differs;
    /// The record lists a file at a path where its unit cannot leave one.
    RECORD_PATH = "record-path", Invalid;
    /// The record does not cover exactly the units of its plan and their files.
    RECORD_UNIT = "record-unit", Invalid;
    /// The pushed tag differs from the tag of the release.
    TAG_OTHER = "tag-other", Differs;
    /// The version in the name of the wheel is not valid.
    WHEEL_VERSION = "wheel-version", Invalid;
}
