"""Words of printed documents in both languages; what messages define is called as they call it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from ccezone.kernel.clock import SHANGHAI
from ccezone.printing.documents import Locale
from schemas.codes import code_list

WORDS: Mapping[str, tuple[str, str]] = {
    "list": ("跨境电子商务零售申报清单", "Cross-border E-commerce Declaration List"),
    "list_E": ("跨境电子商务零售出口申报清单", "Export Declaration List"),
    "list_I": ("跨境电子商务零售进口申报清单", "Import Declaration List"),
    "merge": ("三单比对结果", "Comparison of Order, Payment and Waybill"),
    "bill": ("业务单证", "Bill"),
    "order": ("订单", "Order"),
    "payment": ("支付单", "Payment"),
    "waybill": ("运单", "Waybill"),
    "link": ("运单关联", "Shipping link"),
    "batch": ("报送批次结果", "Result of a Delivery"),
    "general": ("报关单登记", "Record of a General Declaration"),
    "case": ("异常工单", "Exception Case"),
    "case_kind": ("事项", "Matter"),
    "standing": ("工单状态", "Standing"),
    "open": ("待处理", "Open"),
    "closed": ("已关闭", "Closed"),
    "opened_at": ("发生时间", "Opened"),
    "closed_at": ("关闭时间", "Closed at"),
    "closing_cause": ("处理结果", "Outcome"),
    "inspection": ("联合查验单", "Joint Inspection Order"),
    "inspected": ("查验对象", "Inspected"),
    "inspect_list": ("申报清单", "Declaration list"),
    "inspect_batch": ("货物批次", "Batch of goods"),
    "inspect_firm": ("企业场所", "Premises"),
    "what": ("查验内容", "What to inspect"),
    "planned_at": ("查验时间", "Time"),
    "inspection_place": ("查验地点", "Place of inspection"),
    "due_on": ("办结期限", "Due"),
    "inspection_result": ("查验结果", "Result"),
    "findings": ("异常种类与情况", "Findings"),
    "conclusion": ("结论说明", "Conclusion"),
    "agency": ("部门", "Agency"),
    "inspectors": ("检查人员编号", "Inspectors"),
    "opinion": ("部门意见", "Opinion"),
    "signed_at": ("提交时间", "Signed in"),
    "checks": ("部门意见", "Checks of agencies"),
    "message": ("报文编号", "Message number"),
    "code": ("代码", "Code"),
    "text": ("原文", "Original text"),
    "registration": ("备案证书", "Certificate of Registration"),
    "E": ("出口", "Export"),
    "I": ("进口", "Import"),
    "summary": ("概要", "Summary"),
    "head": ("表头", "Head"),
    "goods": ("商品", "Goods"),
    "goods_name": ("商品名称", "Goods"),
    "tax": ("进口税（测算）", "Import tax (computed)"),
    "tax_bills": ("电子税单", "Electronic tax bills"),
    "tax_no": ("税单编号", "Tax bill number"),
    "tariff": ("关税", "Duty"),
    "consumption_tax": ("消费税", "Consumption tax"),
    "vat": ("增值税", "VAT"),
    "total": ("合计", "Total"),
    "timeline": ("通关进度", "Course of clearance"),
    "receipts": ("海关回执", "Receipts from customs"),
    "versions": ("版本记录", "Versions"),
    "version": ("版次", "Version"),
    "differences": ("差异", "Differences"),
    "side_by_side": ("单证对照", "Side by side"),
    "field": ("项目", "Field"),
    "rule": ("规则", "Rule"),
    "says_order": ("订单", "Order says"),
    "says_other": ("另一单证", "Other bill says"),
    "remedy": ("处理办法", "Remedy"),
    "verdict": ("比对结论", "Verdict"),
    "waiting": ("待齐单", "Waiting for bills"),
    "conflict": ("比对不符", "Conflict"),
    "warned": ("有提示", "Warned"),
    "matched": ("比对一致", "Matched"),
    "deleted": ("已删除", "Deleted"),
    "fileable": ("可否申报", "May be filed"),
    "yes": ("是", "Yes"),
    "no": ("否", "No"),
    "since": ("首单到达", "First bill arrived"),
    "merged_at": ("最近比对", "Last compared"),
    "number": ("编号", "Number"),
    "flow": ("进出口", "Direction"),
    "state": ("状态", "State"),
    "merchant": ("电商企业", "Merchant"),
    "order_no": ("订单编号", "Order number"),
    "waybill_no": ("运单编号", "Waybill number"),
    "list_no": ("清单编号", "List number"),
    "eport_no": ("电子口岸编号", "E-port number"),
    "cop_no": ("企业内部编号", "Enterprise number"),
    "trade_mode": ("监管方式", "Supervision mode"),
    "value": ("货值", "Value"),
    "lines": ("商品项数", "Lines of goods"),
    "submission": ("申报次数", "Filings"),
    "created_at": ("生成时间", "Prepared"),
    "message_type": ("报文", "Message"),
    "submitter": ("报送企业", "Submitted by"),
    "received_at": ("接收时间", "Received"),
    "app_type": ("报送类型", "Kind of report"),
    "documents": ("份数", "Documents"),
    "accepted": ("已接收", "Accepted"),
    "replayed": ("其中重复", "Replayed among them"),
    "rejected": ("有问题", "With problems"),
    "problems": ("问题", "Problems"),
    "place": ("位置", "Place"),
    "stored": ("新收下的单证", "Newly stored"),
    "party": ("企业", "Party"),
    "position": ("序号", "No."),
    "declaration_no": ("报关单号", "Declaration number"),
    "declared_on": ("申报日期", "Declared on"),
    "released_on": ("放行日期", "Released on"),
    "total_value": ("货值合计", "Total value"),
    "order_nos": ("涉及的订单编号", "Orders concerned"),
    "removed": ("登记已删除", "Record removed"),
    "statutory_qty": ("法定数量", "Statutory quantity"),
    "step_prepared": ("清单生成", "List prepared"),
    "step_filed": ("申报", "Filed"),
    "step_sent": ("发送单一窗口", "Sent to the single window"),
    "step_refused": ("单一窗口拒收报文", "Refused by the single window"),
    "step_tax_bill": ("电子税单", "Electronic tax bill"),
    "step_event": ("平台记录", "Note of the platform"),
    "cancellation": ("撤销申请", "Application to cancel"),
    "change": ("申报变更", "Change filed"),
    "more": ("仅列前 {shown} 行，共 {all} 行。", "The first {shown} of {all} rows."),
    "empty": ("无", "None"),
    "verification": ("核验码", "Verification code"),
    "verify_how": (
        "扫描二维码，或打开 {address} 核验。内容截至 {at}；以核验页面显示的当前状态为准。",
        "Scan the code or open {address} to verify. Content as of {at}; what the page shows at that moment prevails.",
    ),
    "qr": ("核验地址二维码", "QR code of the address for verification"),
    "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "masked": ("个人信息已遮盖。", "Personal values are masked."),
    "clear": ("含个人信息明文，打印已被记录。", "Personal values in clear; this printing was recorded."),
    "content": ("内容摘要（SHA-256）", "Digest of content (SHA-256)"),
    "name": ("企业名称", "Name"),
    "kind": ("单证", "Document"),
    "income_tax": ("核定征收企业所得税年度计算表", "Assessed Income Tax: Statement of the Year"),
    "uscc": ("统一社会信用代码", "Unified social credit code"),
    "year": ("年度", "Year"),
    "month": ("出口月份", "Month of export"),
    "by_month": ("分月收入", "Revenue by month"),
    "income": ("收入总额（无票免税出口）", "Total income (exports exempt without invoice)"),
    "income_rate": ("应税所得率", "Taxable income rate"),
    "taxable_income": ("应纳税所得额", "Taxable income"),
    "tax_rate": ("税率", "Tax rate"),
    "income_tax_due": ("应纳所得税额", "Income tax"),
    "small_profit_tax": ("符合小型微利企业条件的应纳税额（未核实）", "As a small low-profit firm (unverified)"),
    "legal_basis": ("依据", "Legal basis"),
    "without_rate": ("{n} 项没有出口当月汇率，未计入。", "{n} items lack an exchange rate and are not counted."),
    "income_note": (
        "按出口当月海关汇率折合人民币。供申报参考，以主管税务机关核定为准。",
        "In yuan at customs' rate of the month of export. For filing; what the tax office assesses prevails.",
    ),
}


def say(name: str, locale: Locale, **values: object) -> str:
    """Return a word or phrase; an unknown one speaks for itself."""
    pair = WORDS.get(name)
    return pair[locale == "en"].format(**values) if pair else name


def moment(at: datetime | None) -> str:
    """Write a time in Asia/Shanghai, to the second."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else ""


def named(code: str | None, list_name: str, locale: Locale, *, bare: bool = False) -> str:
    """Write a code with its name, or (``bare``) the name alone."""
    if not code:
        return ""
    name = code_list(list_name).label(code, locale) if list_name else code
    return name if bare or name == code else f"{code} {name}"


def money(value: Decimal, currency: str, locale: Locale) -> str:
    """Write an amount with two decimals at least, and its currency."""
    whole, _, decimals = f"{value:f}".partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    written = f"{sign}{int(digits):,}.{decimals.rstrip('0').ljust(2, '0')}"
    return f"{written} {named(currency, 'currencies', locale, bare=True)}".strip()
