//! Who signed a release, as far as a policy and its bundles tell.

use super::*;

#[test]
fn a_key_is_asked_for_and_the_release_is_not_signed() {
    let (dist, _) = sealed();
    let policy = Policy::trust(TrustedSigner::Key(key()));
    let report = verify(&dist, &Formats, &NoSignatures, &policy);
    assert!(!report.is_good());
    assert_eq!(report.signer, Signer::Unsigned);
    assert_eq!(report.problems().0[0].code.name, "signatures-none");
}

#[test]
fn the_signer_is_whoever_the_policy_trusts() {
    let (dist, manifest) = sealed_as(Signing::KEY);
    let ours = TrustedSigner::Key(key());
    let theirs = PublicKey::from_point(&[&[4][..], &[2; 64]].concat()).unwrap();
    let theirs = TrustedSigner::Key(theirs);
    assert_eq!(named_signers(&dist, &manifest).unwrap(), std::slice::from_ref(&ours));
    assert_eq!(named_signers(&dist, &sealed().1).unwrap(), []);
    let check = |trusted: &[TrustedSigner], signer: Signer, codes: &[&str]| {
        let policy = Policy { trusted: trusted.to_vec() };
        let report = verify(&dist, &Formats, &AnySignature, &policy);
        let problems = report.problems().0.into_iter();
        assert_eq!(
            problems.map(|problem| problem.code.to_string()).collect::<Vec<_>>(),
            codes,
            "{report}"
        );
        assert_eq!(report.signer, signer);
    };
    let by_us = || Signer::Trusted(Verified::by(ours.identity()));
    check(&[], Signer::Unknown, &[]);
    check(std::slice::from_ref(&ours), by_us(), &[]);
    check(&[theirs.clone(), ours.clone()], by_us(), &[]);
    check(&[theirs], Signer::Unsigned, &["signatures-key", "signatures-key"]);
}

#[test]
fn what_a_release_is_signed_with_and_nobody_judges_yet_is_neither_good_nor_bad() {
    let path = "github/checksums.txt.sigstore.json";
    let check = |change: fn(&mut Bundle), also: fn(&mut Memory), answer: Answer| {
        let (mut dist, _) = sealed_as(Signing::KEY);
        let text = String::from_utf8(dist.0[path].clone()).unwrap();
        let mut bundle = bundle::parse(&text).unwrap();
        change(&mut bundle);
        dist.put(path, &bundle.render().unwrap());
        also(&mut dist);
        let report = verify(&dist, &Formats, &AnySignature, &Policy::default());
        assert_eq!((report.answer(), report.is_good()), (answer, false), "{report}");
        assert_eq!(report.signer, Signer::Unsigned);
        let problems = report.problems().0;
        let problem = problems.iter().find(|one| one.code.name == "bundle-unsupported").unwrap();
        assert_eq!(problem.location.as_ref().unwrap().file, path);
    };
    let certified = |bundle: &mut Bundle| {
        let certificate = bundle::Certificate { leaf: vec![0x30], chain: Vec::new() };
        bundle.signer = bundle::Signer::Certificate(certificate);
    };
    check(certified, |_| {}, Answer::Unknown);
    check(|bundle| bundle.timestamps.push(Timestamp(vec![1])), |_| {}, Answer::Unknown);
    check(certified, |dist| drop(dist.put("INSTALL.md", "pipe it into a shell")), Answer::No);
}
