//! Which executables a package ships, and under which file names.

use crate::BinarySource;
use crate::BinarySpec;
use crate::codes;
use crate::recipes;
use model::{Diagnostic, Package, Platform, Unit, UnitId};

/// One unit per platform; none if the package has no binary.
///
/// # Errors
/// If its version has no SemVer form.
pub(crate) fn units(package: &Package) -> Result<Vec<Unit>, Diagnostic> {
    let Some(binary) = package.spec::<BinarySpec>() else { return Ok(Vec::new()) };
    let version = binary.version.semver().map_err(|error| {
        Diagnostic::new(&codes::BINARY_VERSION, format!("binary `{}`: {error}", binary.name))
            .help("executables carry SemVer versions: `MAJOR.MINOR.PATCH`")
    })?;
    let recipe = match binary.source {
        BinarySource::Go { .. } => recipes::GO,
        BinarySource::Rust { .. } => recipes::RUST,
    };
    let unit = |platform: &Platform| Unit {
        id: UnitId::new(&package.name, crate::FORMAT, Some(*platform)),
        package: package.name.clone(),
        format: crate::FORMAT,
        platform: Some(*platform),
        recipe,
        version: version.to_owned(),
        needs: Vec::new(),
        files: vec![format!("binary/{}", file_name(&binary.name, *platform))],
    };
    Ok(binary.platforms.iter().map(unit).collect())
}

/// `NAME-linux-amd64`, and `NAME-windows-amd64.exe`.
#[must_use]
pub fn file_name(name: &str, platform: Platform) -> String {
    format!("{name}-{platform}{}", platform.exe_suffix())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::BinarySpec;
    use model::Version;

    use super::*;

    fn check(source: BinarySource, recipe: model::Recipe) {
        let version = Version::parse("1.0.0rc1").unwrap();
        let package = Package::new("time").with(BinarySpec {
            name: "mcp-server-time".into(),
            version: version.clone(),
            source,
            platforms: vec![Platform::LinuxArm64, Platform::WindowsAmd64],
            env: BTreeMap::new(),
        });
        let units = units(&package).unwrap();
        let files: Vec<&str> = units.iter().map(|unit| unit.files[0].as_str()).collect();
        let expected =
            ["binary/mcp-server-time-linux-arm64", "binary/mcp-server-time-windows-amd64.exe"];
        assert_eq!(files, expected);
        assert_eq!((units[0].recipe, units[0].version.as_str()), (recipe, "1.0.0-rc.1"));
        assert_eq!(units[1].id.0, "time/binary/windows-amd64");
    }

    #[test]
    fn every_platform_is_a_unit_with_one_file() {
        let go = BinarySource::Go {
            path: "servers/time".into(),
            module: "servers/time".into(),
            ldflags: None,
            tags: Vec::new(),
        };
        check(go, recipes::GO);
        let rust = BinarySource::Rust {
            path: "a".into(),
            workspace: ".".into(),
            package: "a".into(),
            bin: "b".into(),
            features: Vec::new(),
            no_default_features: false,
        };
        check(rust, recipes::RUST);
    }
}
