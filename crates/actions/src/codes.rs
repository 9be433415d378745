//! The codes of this crate.

model::codes! {
    /// Nothing was built.
    DOOR_NOTHING = "door-nothing", Usage;
    /// The file that `{variable}` names cannot be written: {error}.
    DOOR_OUTPUT = "door-output", Usage;
    /// There is no door `{shown}`.
    DOOR_UNKNOWN = "door-unknown", Usage;
    /// The input `{name}` is missing.
    INPUT_MISSING = "input-missing", Usage;
    /// The input `{name}`: `{}{more}` {why}.
    INPUT_WRONG = "input-wrong", Usage;
    /// The output cannot be written: {error}.
    OUTPUT_FAILED = "output-failed", Failed;
    /// The tag is `{found}`, but the release's is `{tag}`.
    TAG_OTHER = "tag-other", Differs;
    /// The folder is empty: no repository is here.
    TREE_EMPTY = "tree-empty", Invalid;
    /// `{}` was not built: {}.
    UNIT_NOT_BUILT = "unit-not-built", Invalid;
}
