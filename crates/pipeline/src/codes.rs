//! Codes of the pipeline: of build, seal, sign, publish and verify, and of their arguments.

model::codes! {
    /// The environment does not name a folder for the cache.
    CACHE_UNKNOWN = "cache-unknown", Failed;
    /// A program that checks what was built found it wrong.
    CHECK_REFUSED = "check-refused", Invalid;
    /// The output folder holds something other than a release.
    DIST_NOT_OURS = "dist-not-ours", Invalid;
    /// A file of others was never fetched, and nothing is fetched offline.
    FETCHED_ABSENT = "fetched-absent", Absent;
    /// A file of others has other bytes than when it was fetched before.
    FETCHED_DIFFERS = "fetched-differs", Differs;
    /// The path of the file is not valid inside the release.
    FILE_PATH = "file-path", Invalid;
    /// The build context of an image is not the root of a repository, which `git` asks for.
    GIT_CONTEXT = "git-context", Invalid;
    /// The clone lacks an object of the commit that it is at.
    GIT_OBJECT_MISSING = "git-object-missing", Failed;
    /// The file to create already exists.
    INIT_EXISTS = "init-exists", Invalid;
    /// The source tree holds nothing that a configuration could be proposed for.
    INIT_NOTHING = "init-nothing", Invalid;
    /// The key cannot be read.
    KEY_UNREADABLE = "key-unreadable", Failed;
    /// The record or output of a leg was replaced after its job ended.
    LEG_REPLACED = "leg-replaced", Invalid;
    /// The source tree has no `Cargo.lock`.
    LOCK_MISSING = "lock-missing", Invalid;
    /// The `Cargo.lock` cannot be read or written.
    LOCK_UNUSABLE = "lock-unusable", Invalid;
    /// No unit of the plan was built.
    NOTHING_BUILT = "nothing-built", Failed;
    /// The folder that `--out` or `[release] out` names cannot hold a release.
    OUT_UNUSABLE = "out-unusable", Usage;
    /// The output of a build command cannot be read.
    OUTPUT_UNREADABLE = "output-unreadable", Failed;
    /// The release was built from a source tree that differs from its commit.
    PUBLISH_DIRTY = "publish-dirty", Invalid;
    /// The release lacks a unit that was not built.
    PUBLISH_INCOMPLETE = "publish-incomplete", Invalid;
    /// The release does not record the commit that it was built from.
    PUBLISH_NO_COMMIT = "publish-no-commit", Invalid, warning;
    /// The release has nothing to publish to the selected destinations.
    PUBLISH_NOWHERE = "publish-nowhere", Invalid;
    /// The release is signed with a temporary key that identifies nobody.
    PUBLISH_SIGNER_UNKNOWN = "publish-signer-unknown", Invalid, warning;
    /// The release is a snapshot: no tag of its commit states its version.
    PUBLISH_SNAPSHOT = "publish-snapshot", Invalid;
    /// The tag points to a commit other than that of the release.
    PUBLISH_TAG_ELSEWHERE = "publish-tag-elsewhere", Differs;
    /// The release is not signed.
    PUBLISH_UNSIGNED = "publish-unsigned", Invalid;
    /// The build record has a schema that this version does not read.
    RECORD_SCHEMA = "record-schema", Invalid;
    /// The build record cannot be read.
    RECORD_UNREADABLE = "record-unreadable", Failed;
    /// The build record cannot be written.
    RECORD_UNWRITABLE = "record-unwritable", Invalid;
    /// The manifest belongs to a different release or repository.
    RELEASE_OTHER = "release-other", Differs;
    /// A file was changed between build and seal.
    SEAL_CHANGED = "seal-changed", Differs;
    /// The build needs a secret whose environment variable is not set.
    SECRET_MISSING = "secret-missing", Usage;
    /// A file was changed between seal and sign.
    SIGN_CHANGED = "sign-changed", Differs;
    /// The release was sealed for a different signer.
    SIGN_SEALED_OTHERWISE = "sign-sealed-otherwise", Differs;
    /// The file or folder to verify, sign or publish does not exist.
    SUBJECT_MISSING = "subject-missing", Absent;
    /// The project asks for a newer release of its compiler than it would be built with.
    TOOLCHAIN_OLD = "toolchain-old", Invalid;
    /// A file of the source tree is stored through a git filter other than Git LFS.
    TREE_FILTER = "tree-filter", Invalid;
    /// A file of the source tree is a Git LFS pointer without its content.
    TREE_LFS = "tree-lfs", Invalid;
    /// A symbolic link in the source tree points to nothing.
    TREE_LINK_DANGLES = "tree-link-dangles", Invalid;
    /// A symbolic link in the source tree points outside the tree.
    TREE_LINK_LEAVES = "tree-link-leaves", Invalid;
    /// A symbolic link in the source tree leads to itself, or to a folder that it lies in.
    TREE_LINK_LOOPS = "tree-link-loops", Invalid;
    /// The source tree does not exist or is not a folder.
    TREE_MISSING = "tree-missing", Absent;
    /// A submodule of the source tree is not checked out as the tree records it.
    TREE_SUBMODULE = "tree-submodule", Invalid;
    /// Verifying a single file, image or chart needs the key of a trusted signer.
    USAGE_KEY = "usage-key", Usage;
    /// Verifying files on an index needs the signed manifest that lists them.
    USAGE_MANIFEST = "usage-manifest", Usage;
    /// The value of `--sign` does not name a usable signer.
    USAGE_SIGN = "usage-sign", Usage;
    /// The subject to verify names no version or tag.
    USAGE_SUBJECT = "usage-subject", Usage;
    /// The value of `--tool` does not name a known tool and a path.
    USAGE_TOOL = "usage-tool", Usage;
    /// The verification of what was published did not finish.
    VERIFY_STOPPED = "verify-stopped", Invalid;
}
