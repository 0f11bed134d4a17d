//! Reasons that the operating system gives, in Chinese.

/// The Chinese of a reason; `None` where there is none.
pub(super) fn chinese(reason: &str) -> Option<&'static str> {
    let number = reason.rsplit_once("(os error ").and_then(|(_, rest)| rest.strip_suffix(')')?.parse().ok());
    // Numbers of Unix; Windows speaks the language of its user.
    let of_system = match number.filter(|_: &u32| cfg!(unix)) {
        Some(2) => "没有该文件或文件夹",
        Some(5) => "输入输出错误",
        Some(13) => "没有权限",
        Some(17) => "已经存在",
        Some(20) => "不是文件夹",
        Some(21) => "是文件夹，不是文件",
        Some(26) => "文件正在使用",
        Some(28) => "磁盘空间不足",
        Some(30) => "只读文件系统",
        Some(36) => "文件名过长",
        Some(122) => "超出磁盘配额",
        _ => "",
    };
    let of_program = match reason {
        "no such file or folder" => "没有该文件或文件夹",
        "no such file in the program" => "程序中没有该文件",
        "the scheme has no such table" => "分组方案没有该表",
        "a scheme is needed (--scheme)" => "需要分组方案（--scheme）",
        _ => "",
    };
    [of_system, of_program].into_iter().find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_known() {
        let missing = std::fs::read("no/such/file").unwrap_err();
        assert_eq!(chinese(&missing.to_string()), Some("没有该文件或文件夹"));
        assert_eq!(chinese(&std::io::Error::from_raw_os_error(28).to_string()), Some("磁盘空间不足"));
        assert_eq!(chinese("the header is torn"), None);
        assert_eq!(chinese("odd (os error 9999)"), None);
    }
}
