//! The codes of this crate.

model::codes! {
    /// {} has {} at once.
    CONFIG_CONFLICT = "config-conflict", Invalid;
    /// `{}` holds a NUL character.
    CONFIG_CONTROL_CHARACTER = "config-control-character", Invalid;
    /// `{}` is empty.
    CONFIG_EMPTY_VALUE = "config-empty-value", Invalid;
    /// There is no `{CONFIG_FILE}`.
    CONFIG_MISSING = "config-missing", Absent;
    /// {} lacks `{required}`.
    CONFIG_MISSING_KEY = "config-missing-key", Invalid;
    /// `{name}` must be between {low} and {high}.
    CONFIG_OUT_OF_RANGE = "config-out-of-range", Invalid;
    /// Not TOML: {message}.
    CONFIG_SYNTAX = "config-syntax", Invalid;
    /// The configuration is larger than {MAX_CONFIG_BYTES} bytes.
    CONFIG_TOO_LARGE = "config-too-large", Invalid;
    /// More than {MAX_PACKAGES} packages.
    CONFIG_TOO_MANY_PACKAGES = "config-too-many-packages", Invalid;
    /// {} has no key `{shown}`.
    CONFIG_UNKNOWN_KEY = "config-unknown-key", Invalid;
    /// Config unknown platform.
    CONFIG_UNKNOWN_PLATFORM = "config-unknown-platform", Invalid;
    /// `{word}` is no `{}`.
    CONFIG_UNKNOWN_VALUE = "config-unknown-value", Invalid;
    /// `{text}` cannot name a variable.
    CONFIG_VARIABLE_NAME = "config-variable-name", Invalid;
    /// `{}` must be {wanted}, not {}.
    CONFIG_WRONG_TYPE = "config-wrong-type", Invalid;
}
