//! Packs that come with the program.

macro_rules! embed {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../seeds/", $name)))),+]
    };
}

/// Name and text of each embedded pack of insurance money.
pub static SEEDS: &[(&str, &str)] = embed![
    "base.toml",
    "sichuan_2022.toml",
    "sichuan_2024.toml",
    "bazhong_draft.toml",
    "yaan_2022.toml",
    "leshan_shizhong_2023.toml",
];

/// Name and text of each embedded pack of fiscal money.
pub static FISCAL_SEEDS: &[(&str, &str)] = embed!["bazhong_awards.toml", "bazhong_fiscal.toml"];
