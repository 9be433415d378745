//! The codes of this crate.

model::codes! {
    /// The code to explain is not a code of this program.
    USAGE_CODE = "usage-code", Usage;
    /// Only `plan` has a matrix.
    USAGE_OUTPUT = "usage-output", Usage;
    /// `--pin {pin}` is no commit.
    USAGE_PIN = "usage-pin", Usage;
    /// `--record {text}` {why}.
    USAGE_RECORD = "usage-record", Usage;
    /// One file is described at a time.
    USAGE_SBOM = "usage-sbom", Usage;
    /// There is no workflow `{name}`.
    USAGE_WORKFLOW = "usage-workflow", Usage;
}
