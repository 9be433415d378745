//! The inputs of each action, as its `action.yml` declares them. An input that is not listed is not
//! read; a test holds the lists against the files.

/// `actions/build/action.yml`.
pub(crate) const BUILD: &[&str] = &[
    "directory",
    "leg",
    "max-legs",
    "plan",
    "tag-version",
    "packages",
    "formats",
    "platforms",
    "out",
    "allow-missing",
    "self-hosted",
];

/// `actions/seal/action.yml`.
pub(crate) const SEAL: &[&str] =
    &["directory", "legs", "plan", "records", "out", "sign", "self-hosted"];

/// `actions/sign/action.yml`.
pub(crate) const SIGN: &[&str] = &["dist", "manifest", "sign", "self-hosted"];

/// `actions/publish/action.yml`.
pub(crate) const PUBLISH: &[&str] = &[
    "dist",
    "manifest",
    "phase",
    "only",
    "dry-run",
    "allow-missing",
    "move-tags",
    "recheck",
    "key",
    "publish-url",
    "check-url",
    "self-hosted",
];

/// `oci/action.yml`.
pub(crate) const OCI: &[&str] = &[
    "directory",
    "name",
    "version",
    "description",
    "license",
    "image",
    "from",
    "go",
    "rust",
    "bin",
    "dockerfile",
    "context",
    "target",
    "build-args",
    "secrets",
    "user",
    "ports",
    "entrypoint",
    "healthcheck",
    "base",
    "files",
    "platforms",
    "tags",
    "push",
    "packages",
    "sign",
    "dry-run",
    "out",
    "allow-missing",
    "move-tags",
    "self-hosted",
];

/// `pypi/action.yml`.
pub(crate) const PYPI: &[&str] = &[
    "directory",
    "name",
    "version",
    "description",
    "license",
    "path",
    "kind",
    "pythons",
    "platforms",
    "publish",
    "packages",
    "sign",
    "dry-run",
    "out",
    "allow-missing",
    "publish-url",
    "check-url",
    "self-hosted",
];

/// `helm/action.yml`.
pub(crate) const HELM: &[&str] = &[
    "directory",
    "name",
    "version",
    "path",
    "app-version",
    "registry",
    "platforms",
    "push",
    "packages",
    "sign",
    "dry-run",
    "out",
    "allow-missing",
    "self-hosted",
];

/// `binary/action.yml`.
pub(crate) const BINARY: &[&str] = &[
    "directory",
    "name",
    "version",
    "description",
    "license",
    "go",
    "rust",
    "bin",
    "platforms",
    "publish",
    "packages",
    "sign",
    "dry-run",
    "out",
    "allow-missing",
    "self-hosted",
];

/// `action.yml`.
pub(crate) const RELEASE: &[&str] = &[
    "directory",
    "packages",
    "formats",
    "platforms",
    "publish",
    "sign",
    "dry-run",
    "out",
    "allow-missing",
    "move-tags",
    "publish-url",
    "check-url",
    "self-hosted",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The inputs that an `action.yml` hands on: `INPUT_DRY_RUN: ${{ inputs.dry-run }}`.
    fn handed_on(definition: &str) -> Vec<&str> {
        let lines = definition.lines().map(str::trim).filter(|line| line.starts_with("INPUT_"));
        let mut names: Vec<&str> = lines
            .filter_map(|line| line.split_once("${{ inputs.")?.1.split_once(" }}"))
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn each_action_reads_the_inputs_that_its_definition_hands_on() {
        for (definition, declared) in [
            (include_str!("../../../actions/build/action.yml"), BUILD),
            (include_str!("../../../actions/seal/action.yml"), SEAL),
            (include_str!("../../../actions/sign/action.yml"), SIGN),
            (include_str!("../../../actions/publish/action.yml"), PUBLISH),
            (include_str!("../../../oci/action.yml"), OCI),
            (include_str!("../../../pypi/action.yml"), PYPI),
            (include_str!("../../../helm/action.yml"), HELM),
            (include_str!("../../../binary/action.yml"), BINARY),
            (include_str!("../../../action.yml"), RELEASE),
        ] {
            let mut declared = declared.to_vec();
            declared.sort_unstable();
            assert_eq!(handed_on(definition), declared, "{definition}");
        }
    }
}
