//! Which chart a package ships, and under which file name.

use crate::ChartSpec;
use crate::codes;
use crate::recipes;
use model::{Diagnostic, Package, Unit, UnitId};

/// The unit of `package`'s chart; none if it has no chart.
///
/// # Errors
/// If its version has no SemVer form.
pub(crate) fn units(package: &Package) -> Result<Vec<Unit>, Diagnostic> {
    let Some(chart) = package.spec::<ChartSpec>() else { return Ok(Vec::new()) };
    let version = semver(chart)?;
    Ok(vec![Unit {
        id: UnitId::new(&package.name, crate::FORMAT, None),
        package: package.name.clone(),
        format: crate::FORMAT,
        platform: None,
        recipe: recipes::CHART,
        version: version.to_owned(),
        needs: Vec::new(),
        files: vec![format!("helm/{}", file_name(&chart.name, version))],
    }])
}

/// Helm's file name of a packaged chart; a `+` is kept.
pub(crate) fn file_name(name: &str, version: &str) -> String {
    format!("{name}-{version}.tgz")
}

/// The version that the chart is packaged with.
pub(crate) fn semver(chart: &ChartSpec) -> Result<&str, Diagnostic> {
    chart.version.semver().map_err(|error| {
        Diagnostic::new(&codes::CHART_VERSION, format!("chart `{}`: {error}", chart.name))
            .help("charts carry SemVer versions: `MAJOR.MINOR.PATCH`, with `-PRE` and `+BUILD`")
    })
}

#[cfg(test)]
mod tests {
    use model::Version;

    use super::*;

    fn check(version: &str, expected: Result<&str, &str>) {
        let chart = ChartSpec {
            name: "mcp-stack".into(),
            path: "charts/mcp-stack".into(),
            version: Version::parse(version).unwrap(),
            app_version: None,
            reference: "ghcr.io/o/helm-charts/mcp-stack".into(),
            values: Vec::new(),
            kube_version: None,
            lint: None,
        };
        let mut package = Package::new("stack").with(chart);
        let files = units(&package).map(|units| units[0].files[0].clone());
        match expected {
            Ok(file) => assert_eq!(files.unwrap(), file),
            Err(code) => assert_eq!(files.unwrap_err().code.to_string(), code),
        }
        package.specs = model::Specs::default();
        assert_eq!(units(&package).unwrap(), []);
    }

    #[test]
    fn a_chart_is_one_file_named_after_its_semver_version() {
        check("1.0.0", Ok("helm/mcp-stack-1.0.0.tgz"));
        check("1.0.0rc1", Ok("helm/mcp-stack-1.0.0-rc.1.tgz"));
        check("1.0.0-rc.1+b.2", Ok("helm/mcp-stack-1.0.0-rc.1+b.2.tgz"));
        check("1.2.3.4", Err("chart-version"));
    }
}
