//! What is found before anything is asked.

use super::*;

#[test]
fn without_an_index_to_ask_the_setting_is_named() {
    let (fake, base) = start();
    let uv = FakeUv(fake);
    let http = Arc::new(Http::new(RetryPolicy::without_waits(1)).unwrap());
    let settings = Settings { index: IndexAddress::default(), ..setup(&base) };
    let made =
        PythonIndex::new(&http, (&manifest(&[SDIST]), FORMATS), Path::new("/"), settings, &uv);
    let problem = made.err().unwrap().0.remove(0);
    assert_eq!(problem.code.to_string(), "index-unknown");
    assert!(problem.help.unwrap().contains("`UV_PUBLISH_CHECK_URL`"));
}

#[test]
fn what_an_index_would_refuse_is_found_over_the_whole_set() {
    let auth = setup("").auth;
    let check = |files: &[&str], expected: &[&str]| {
        let problems = preflight(&manifest(files), FORMATS, &[], Some(&auth), &Workflow::default());
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.name).collect();
        assert_eq!(codes, expected, "{files:?}");
    };
    check(&[WHEEL, SDIST, OTHER], &[]);
    check(&["a-1.0+cpu-py3-none-any.whl", "a-1.0+cpu.tar.gz"], &["index-local-version"; 2]);
    check(&["a.whl", "a-1.0.zip"], &["index-file-name"; 2]);
    check(&[SDIST, SDIST], &["index-file-twice"]);
    check(&["a_b-1.0.tar.gz", "a.b-1.0.tar.gz"], &["index-two-sdists"]);
    let lint = [
        Diagnostic::new(&codes::INDEX_UNKNOWN, "x"),
        Diagnostic::warning(&codes::INDEX_WINDOW, "z"),
    ];
    let found = preflight(&manifest(&[WHEEL]), FORMATS, &lint, Some(&auth), &Workflow::default());
    assert_eq!(found, &lint[..1]);
    let none = preflight(&manifest(&[]), FORMATS, &lint, None, &Workflow::default());
    assert_eq!(none, []);
    // Who uploads nothing needs nobody's leave.
    let asked =
        |auth| preflight(&manifest(&[WHEEL]), FORMATS, &[], auth, &Workflow::default()).len();
    assert_eq!((asked(None), asked(Some(&UploadAuth::default()))), (0, 1));
}

#[test]
fn a_foreign_reusable_workflow_is_refused_with_the_way_out() {
    let file = |repository: &str| format!("{repository}/.github/workflows/r.yml@refs/tags/v1");
    let check = |trusted: Trusted, workflow: Option<&str>, job: Option<&str>, refused: bool| {
        let proof = ("ACTIONS_ID_TOKEN_REQUEST_TOKEN".to_owned(), Secret::new("canary"));
        let token = (trusted == Trusted::Never).then(|| Secret::new("t"));
        let auth = UploadAuth { trusted, token, identity: vec![proof], ..UploadAuth::default() };
        let workflow = Workflow {
            repository: "me/app".to_owned(),
            workflow: workflow.map(file),
            job: job.map(file),
        };
        let problems = preflight(&manifest(&[WHEEL]), FORMATS, &[], Some(&auth), &workflow);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.name).collect();
        let expected: &[&str] = if refused { &["index-foreign-workflow"] } else { &[] };
        assert_eq!(codes, expected, "{workflow:?}");
    };
    check(Trusted::Always, Some("me/app"), Some("vendor/actions"), true);
    check(Trusted::Automatic, Some("vendor/actions"), None, true);
    check(Trusted::Always, Some("me/app"), Some("Me/App"), false);
    check(Trusted::Always, Some("me/app"), None, false);
    check(Trusted::Never, Some("me/app"), Some("vendor/actions"), false);
}
