//! Codes of the GitHub actions: of their inputs, their outputs and what they build.

model::codes! {
    /// The action built nothing.
    ACTION_NOTHING = "action-nothing", Usage;
    /// The file for the outputs or the summary of the action cannot be written.
    ACTION_OUTPUT = "action-output", Usage;
    /// No action has this name.
    ACTION_UNKNOWN = "action-unknown", Usage;
    /// A required input of the action is missing.
    INPUT_MISSING = "input-missing", Usage;
    /// A variable names an input that the action does not have.
    INPUT_UNDECLARED = "input-undeclared", Usage, warning;
    /// The value of an input of the action is not valid.
    INPUT_WRONG = "input-wrong", Usage;
    /// The log of the step cannot be written.
    OUTPUT_FAILED = "output-failed", Failed;
    /// The folder is empty because the repository was not checked out.
    TREE_EMPTY = "tree-empty", Invalid;
    /// A unit that the action was asked for was not built.
    UNIT_NOT_BUILT = "unit-not-built", Invalid;
}
