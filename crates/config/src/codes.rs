//! Codes of the configuration: of its syntax, its keys and their values.

model::codes! {
    /// A value of the configuration contains a control character.
    CONFIG_CONTROL_CHARACTER = "config-control-character", Invalid;
    /// A list of the configuration is empty.
    CONFIG_EMPTY_VALUE = "config-empty-value", Invalid;
    /// There is no configuration file.
    CONFIG_MISSING = "config-missing", Absent;
    /// The configuration lacks a required key.
    CONFIG_MISSING_KEY = "config-missing-key", Invalid;
    /// A number of the configuration is outside the allowed range.
    CONFIG_OUT_OF_RANGE = "config-out-of-range", Invalid;
    /// The configuration is not valid TOML.
    CONFIG_SYNTAX = "config-syntax", Invalid;
    /// The configuration file is larger than the limit.
    CONFIG_TOO_LARGE = "config-too-large", Invalid;
    /// The configuration has more packages than the limit.
    CONFIG_TOO_MANY_PACKAGES = "config-too-many-packages", Invalid;
    /// The configuration has a key that is not known.
    CONFIG_UNKNOWN_KEY = "config-unknown-key", Invalid;
    /// The configuration names a platform that is not known.
    CONFIG_UNKNOWN_PLATFORM = "config-unknown-platform", Invalid;
    /// The value of the key is not one of those that it accepts.
    CONFIG_UNKNOWN_VALUE = "config-unknown-value", Invalid;
    /// The name of an environment variable or build argument is not valid.
    CONFIG_VARIABLE_NAME = "config-variable-name", Invalid;
    /// The value of the key has the wrong type.
    CONFIG_WRONG_TYPE = "config-wrong-type", Invalid;
}
