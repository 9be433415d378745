//! Images from a Dockerfile.

use super::*;

const FILES: [(&str, &str); 3] =
    [("p/pyproject.toml", PYPROJECT), ("Dockerfile", "FROM x\nUSER 7\n"), ("go.mod", "")];

fn entry(more: &str) -> String {
    format!("python = {{ path = \"p\" }}\n[package.image]\ndockerfile = \"Dockerfile\"\n{more}")
}

#[test]
fn a_build_is_told_its_stage_arguments_secrets_and_what_it_gets_of_this_release() {
    let more = "target = \"run\"\nbuild-args = { A = \"1\" }\nsecrets = [\"B\", \"A\", \"B\"]\n\
                from-release = [\"a\"]";
    let ImageSource::Dockerfile(spec) =
        package(&entry(more), &FILES).spec::<oci::ImageSpec>().unwrap().clone().source
    else {
        panic!("from a Dockerfile");
    };
    let expected = DockerfileSpec {
        dockerfile: "Dockerfile".to_owned(),
        context: ".".to_owned(),
        target: "run".to_owned(),
        build_args: [("A".to_owned(), "1".to_owned())].into(),
        secrets: vec!["A".to_owned(), "B".to_owned()],
        git: false,
        from_release: vec!["a".to_owned()],
    };
    assert_eq!(spec, expected);
}

#[test]
fn a_secret_s_value_in_place_of_its_name_is_refused() {
    let expected = ["package-actions.toml:9:12 image-secret-name"];
    check_entry(&entry("secrets = [\"hunter2!\"]"), &FILES, &expected, &["never a value"]);
}

#[test]
fn what_an_image_gets_of_this_release_must_be_there() {
    let unknown = ["package-actions.toml:9:17 image-from-release"];
    check_entry(
        &entry("from-release = [\"aa\"]"),
        &FILES,
        &unknown,
        &["not the name of a package"],
    );
    let config = format!(
        "{RELEASE}[[package]]\nname = \"a\"\n{}\n[[package]]\nname = \"c\"\n\
         binary = {{ go = \".\", platforms = [\"linux-amd64\"] }}\n",
        entry("from-release = [\"c\"]")
    );
    check(&config, &FILES, &unknown, &["neither a wheel nor an executable for linux-arm64"]);
}

#[test]
fn what_is_for_dockerfiles_has_no_effect_on_a_program_s_image() {
    let image = "binary = { go = \".\" }\nimage = { from = \"binary\", target = \"run\" }";
    let expected = ["package-actions.toml:7:37 config-conflict"];
    check_entry(image, &FILES, &expected, &["is for images with a `dockerfile`"]);
}
