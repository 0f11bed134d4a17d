//! Files and formats.

catalogue! {
    F001 CANNOT_READ Error { zh: "无法读取文件：{reason}", en: "cannot read the file: {reason}" }
    F002 CANNOT_WRITE Error { zh: "无法写入文件：{reason}", en: "cannot write the file: {reason}" }
    F003 NOT_WHAT_NAME_SAYS Error {
        zh: "文件内容与扩展名不符：名为 {expected}，内容像是 {found}",
        en: "the content is not what the name says: named {expected}, looks like {found}",
    }
    F004 EMPTY_FILE Error { zh: "文件为空", en: "the file is empty" }
    F005 BROKEN_FILE Error { zh: "文件已损坏或不完整：{reason}", en: "the file is damaged or incomplete: {reason}" }
    F006 UNKNOWN_FORMAT Error {
        zh: "不支持的文件类型“{extension}”；可用：{known}",
        en: "unsupported file type \"{extension}\"; use one of: {known}",
    }
    F007 BAD_ENCODING Error {
        zh: "既不是 UTF-8 也不是 GBK 编码（字节位置 {byte}）",
        en: "neither UTF-8 nor GBK text (at byte {byte})",
    }
    F008 RAGGED_ROW Error {
        zh: "此行有 {found} 列，表头有 {expected} 列",
        en: "this row has {found} columns, the header has {expected}",
    }
    F009 NO_ROWS Warning { zh: "文件只有表头，没有数据行", en: "the file has a header and no rows" }
    F010 UNSUPPORTED_TYPE Error {
        zh: "不支持的列类型 {found}",
        en: "columns of type {found} are not supported",
    }
    F011 COLUMNS_DIFFER Error {
        zh: "此文件的列与前面的文件不同，不能写入同一结果文件",
        en: "the columns differ from those of the files before, so the rows cannot go into one result file",
    }
    F012 OPEN_QUOTE Error {
        zh: "此行有一个引号没有配对的结束引号，其后各行无法区分",
        en: "a quotation mark in this row is never closed, so that the rows after it cannot be told apart",
    }
}
