//! The codes of this crate.

model::codes! {
    /// The environment names no folder for caches.
    CACHE_UNKNOWN = "cache-unknown", Failed;
    /// `{}` holds something that is not a release.
    DIST_NOT_OURS = "dist-not-ours", Invalid;
    /// Cannot be written: its path {why}.
    FILE_PATH = "file-path", Invalid;
    /// Git could not say what belongs to the tree: {why}.
    GIT_FAILED = "git-failed", Failed;
    /// This is a git repository, and there is no `git` to ask about it.
    GIT_MISSING = "git-missing", Failed;
    /// `{}` is there already.
    INIT_EXISTS = "init-exists", Invalid;
    /// Init nothing.
    INIT_NOTHING = "init-nothing", Invalid;
    /// The key cannot be read: {why}.
    KEY_UNREADABLE = "key-unreadable", Failed;
    /// Leg {number}: {why}.
    LEG_REPLACED = "leg-replaced", Invalid;
    /// The tree has no `Cargo.lock`.
    LOCK_MISSING = "lock-missing", Invalid;
    /// `{}` cannot be used: {error}.
    LOCK_UNUSABLE = "lock-unusable", Invalid;
    /// Cannot read the output `{}`: {error}.
    OUTPUT_UNREADABLE = "output-unreadable", Failed;
    /// It was built from a tree that differs from its commit.
    PUBLISH_DIRTY = "publish-dirty", Invalid;
    /// `{}` is not in it: {}.
    PUBLISH_INCOMPLETE = "publish-incomplete", Invalid;
    /// It was built from no commit: nobody can tell from which sources.
    PUBLISH_NO_COMMIT = "publish-no-commit", Invalid, warning;
    /// The release has nothing for the places that are asked for.
    PUBLISH_NOWHERE = "publish-nowhere", Invalid;
    /// It is signed with a key made for the run: nobody can tell by whom.
    PUBLISH_SIGNER_UNKNOWN = "publish-signer-unknown", Invalid, warning;
    /// The tag `{tag}` is on commit {other}; this release is of {commit}.
    PUBLISH_TAG_ELSEWHERE = "publish-tag-elsewhere", Differs;
    /// It is not signed.
    PUBLISH_UNSIGNED = "publish-unsigned", Invalid;
    /// Is of schema `{}`, expected `{}`.
    RECORD_SCHEMA = "record-schema", Invalid;
    /// The record cannot be read: {error}.
    RECORD_UNREADABLE = "record-unreadable", Failed;
    /// The record cannot be written: {error}.
    RECORD_UNWRITABLE = "record-unwritable", Invalid;
    /// Is of the release `{}`, not `{}`.
    RELEASE_OTHER = "release-other", Differs;
    /// Has digest {digest}, expected {} as built.
    SEAL_CHANGED = "seal-changed", Differs;
    /// Its build reads the secret `{name}`, and no such variable is set.
    SECRET_MISSING = "secret-missing", Usage;
    /// Is not what was sealed: it is not signed.
    SIGN_CHANGED = "sign-changed", Differs;
    /// It was sealed for another signer.
    SIGN_SEALED_OTHERWISE = "sign-sealed-otherwise", Differs;
    /// Is not there.
    SUBJECT_MISSING = "subject-missing", Absent;
    /// `{path}` is a link to `{}`, outside the tree.
    TREE_LINK_LEAVES = "tree-link-leaves", Invalid;
    /// `{}` is not a folder.
    TREE_MISSING = "tree-missing", Absent;
    /// `{}` failed: {}.
    UNIT_FAILED = "unit-failed", Failed;
    /// A single file, image or chart is verified against a signer you trust, and none is given.
    USAGE_KEY = "usage-key", Usage;
    /// Files on an index carry no signature by a publisher.
    USAGE_MANIFEST = "usage-manifest", Usage;
    /// `--sign {}` is not known.
    USAGE_SIGN = "usage-sign", Usage;
    /// `pypi:{}` names no version.
    USAGE_SUBJECT = "usage-subject", Usage;
    /// `--tool {text}` names no tool and path.
    USAGE_TOOL = "usage-tool", Usage;
    /// A look from the outside broke off.
    VERIFY_STOPPED = "verify-stopped", Invalid;
}
