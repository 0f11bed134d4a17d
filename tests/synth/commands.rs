//! `dianzhi synth …`

fn run(words: &[&str]) -> i32 {
    dianzhi::cli::run(["dianzhi", "synth", "--scheme", "demo", "--seed", "1"].iter().chain(words))
}

#[test]
fn writes_a_file_or_says_why_not() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (csv, register) = (file("claims.csv"), file("register.csv"));
    std::fs::write(&register, "fixmedins_code,hosp_lv,beds\nH11010100001,3A,500\nH11010100002,乡镇,20\n").unwrap();
    let args = ["--claims", "50", "--out", &csv];
    assert_eq!(run(&args), 0);
    let all = ["--institutions", &register, "--period", "2025", "--months", "2", "--bad-share", "0.5"];
    assert_eq!(run(&[args.as_slice(), &all].concat()), 0);
    let text = std::fs::read_to_string(&csv).unwrap();
    assert_eq!(text.lines().count(), 51);
    assert!(text.contains("H11010100001,3A") && !text.contains("H99"));

    for refused in [
        ["--bad-share", "1.5"],
        ["--bad-share", "0.0000001"],
        ["--period", "March"],
        ["--institutions", "no such file"],
        ["--scheme", "no such scheme"],
        ["--out", "claims.doc"],
    ] {
        let kept: Vec<&str> = args.chunks(2).filter(|pair| pair[0] != refused[0]).flatten().copied().collect();
        let code = match refused[0] {
            "--scheme" => dianzhi::cli::run(["dianzhi", "synth", "--seed", "1"].iter().chain(&kept).chain(&refused)),
            _ => run(&[kept.as_slice(), &refused].concat()),
        };
        assert_eq!(code, 1, "{refused:?}");
    }
    std::fs::write(&register, "fixmedins_code,level\nH11010100001,甲\n").unwrap();
    assert_eq!(run(&[args.as_slice(), &["--institutions", &register]].concat()), 1);
    assert_eq!(run(&["--claims", "100000000", "--out", &csv]), 1);
    assert_eq!(run(&["--claims", "many", "--out", &csv]), 2);
}
