use super::*;

fn check(constraint: &str, expected: Option<&str>) {
    assert_eq!(allowed(constraint).as_deref(), expected, "{constraint}");
}

#[test]
fn the_newest_released_minor_that_a_chart_allows_is_chosen() {
    check(">=1.24.0-0", Some("1.36.0"));
    check(">=1.24.0-0 <1.36.0-0", Some("1.35.0"));
    check(">= 1.19.0-0, < 1.28.0", Some("1.27.0"));
    check(">=1.19.0-0<1.28.0", Some("1.27.0"));
    check("^1.22.0", Some("1.36.0"));
    check("~1.22.0", Some("1.22.0"));
    check("~1.22", Some("1.22.0"));
    check("~>1.22.0", Some("1.22.0"));
    check("1.20 - 1.30", Some("1.30.0"));
    check("1.20.0 - 1.29.9", Some("1.29.0"));
    check("1.25.x", Some("1.25.0"));
    check("1.25.*", Some("1.25.0"));
    check("1.x", Some("1.36.0"));
    check("*", Some("1.36.0"));
    check("v1.20.0", Some("1.20.0"));
    check("=1.20", Some("1.20.0"));
    check("<1.16 || >=1.20 <1.22", Some("1.21.0"));
    check("!=1.36.0", Some("1.35.0"));
    check("!=1.36", Some("1.35.0"));
    check(">=1.20 !=1.36.x", Some("1.35.0"));
    check("<=1.22", Some("1.22.0"));
    check("<=1.22.x", Some("1.22.0"));
    check(">1.22 <1.24.0", Some("1.23.0"));
}

#[test]
fn a_version_of_the_constraint_itself_is_the_last_resort() {
    check(">=1.30.2 <1.31.0", Some("1.30.3"));
    check("~1.22.5", Some("1.22.6"));
    check("1.22.5", Some("1.22.5"));
    check(">=1.99.0", Some("2.0.0"));
    check(">=1.99.0-0 <1.100.0-0", Some("1.99.1"));
    check("=1.27.3-gke.1", Some("1.27.3-gke.1"));
    check("2.x", Some("2.1.0"));
}

#[test]
fn a_constraint_that_nothing_meets_or_that_cannot_be_read_allows_nothing() {
    for constraint in ["", ">", "abc", ">=1.2.3.4", "<1.0.0 >2.0.0", "1.2 -", ">=1.2 & <2", "><1"] {
        check(constraint, None);
    }
}

#[test]
fn constraints_hold_as_helm_reads_them() {
    let check = |constraint: &str, version: &str, expected: bool| {
        assert_eq!(fits(constraint, version), Some(expected), "{constraint}: {version}");
    };
    check("^0.2.3", "0.2.9", true);
    check("^0.2.3", "0.3.0", false);
    check("^0.0.3", "0.0.4", false);
    check("^0", "0.9.0", true);
    check("^0.0", "0.0.9", true);
    check("^1.2.3", "1.2.2", false);
    check("^1.2.3", "2.0.0", false);
    check("~1", "1.9.0", true);
    check(">1", "1.9.0", false);
    check(">1", "2.0.0", true);
    check("<=1", "1.9.0", true);
    check(">=1.0.0", "1.1.0-rc.1", false);
    check(">=1.0.0-0", "1.1.0-rc.1", true);
    check(">=1.0.0-0 <2", "1.1.0-rc.1", true);
    check("1.0.0-rc.2", "1.0.0-rc.10", false);
    check(">1.0.0-rc.2", "1.0.0-rc.10", true);
    check("1.0.0", "1.0.0+build", true);
    check("1.x.x", "1.2.3", true);
    check("*", "0.0.1", true);
    assert_eq!(fits("nonsense", "1.0.0"), None);
    assert_eq!(fits("1", "nonsense"), None);
}

#[test]
fn a_version_of_kubernetes_may_leave_out_its_patch() {
    let versions = ["1.30", "1.30.0", "v1.30.2", "1.30.2-gke.5", "1.30.2+k3s1"];
    assert!(versions.into_iter().all(is_version));
    assert!(!["", "1", "latest", "1.x", ">=1.30", "1.30.0.0"].into_iter().any(is_version));
}
