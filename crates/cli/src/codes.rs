//! Codes of the arguments on the command line.

model::codes! {
    /// The code to explain is not known to this program.
    USAGE_CODE = "usage-code", Usage;
    /// Only files called as wheels or source distributions can be linted.
    USAGE_LINT = "usage-lint", Usage;
    /// Only `plan` supports the output format `matrix`.
    USAGE_OUTPUT = "usage-output", Usage;
    /// The value of `--pin` is not a full commit hash.
    USAGE_PIN = "usage-pin", Usage;
    /// The value of `--record` is not valid or repeats a leg.
    USAGE_RECORD = "usage-record", Usage;
    /// `release` publishes only into local stores, which `--local` says.
    USAGE_RELEASE = "usage-release", Usage;
    /// Only one file can be described at a time.
    USAGE_SBOM = "usage-sbom", Usage;
    /// No workflow template has this name.
    USAGE_WORKFLOW = "usage-workflow", Usage;
}
