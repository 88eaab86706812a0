"""The fixed parts of an OpenDocument text: namespaces, styles, page with its number."""

_NAMES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}"'
        for short, long in (
            ("office", "office:1.0"),
            ("style", "style:1.0"),
            ("text", "text:1.0"),
            ("table", "table:1.0"),
            ("draw", "drawing:1.0"),
            ("fo", "xsl-fo-compatible:1.0"),
            ("svg", "svg-compatible:1.0"),
        )
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
MANIFEST_HEAD = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
)


def _paragraph(
    name: str, size: str, *, align: str = "justify", bold: bool = False, above: str = "0mm", below: str = "1.5mm"
) -> str:
    weight = ' fo:font-weight="bold" style:font-weight-asian="bold"' if bold else ""
    return (
        f'<style:style style:name="{name}" style:family="paragraph">'
        f'<style:paragraph-properties fo:text-align="{align}" fo:margin-top="{above}" fo:margin-bottom="{below}"/>'
        f'<style:text-properties fo:font-size="{size}" style:font-size-asian="{size}"{weight}/></style:style>'
    )


def _mark(name: str, properties: str) -> str:
    return f'<style:style style:name="{name}" style:family="text"><style:text-properties {properties}/></style:style>'


_AUTOMATIC = (
    _paragraph("Agency", "20pt", align="center", bold=True, below="6mm")
    + _paragraph("Head", "11.5pt")
    + _paragraph("Title", "12pt", bold=True, below="5mm")
    + _paragraph("Body", "11pt")
    + _paragraph("Cell", "10pt", below="0mm")
    + _paragraph("Centre", "11pt", align="center")
    + _paragraph("Right", "11pt", align="end")
    + _paragraph("Sender", "18pt", align="center", bold=True, above="10mm", below="6mm")
    + _paragraph("Small", "9pt", align="start", below="1mm")
    + _mark("Mb", 'fo:font-weight="bold" style:font-weight-asian="bold"')
    + _mark("Mi", 'fo:font-style="italic" style:font-style-asian="italic"')
    + _mark("Mu", 'style:text-underline-style="solid" style:text-underline-width="auto"')
    + _mark("Md", 'style:text-position="sub 58%"')
    + _mark("Mp", 'style:text-position="super 58%"')
    + '<style:style style:name="Grid" style:family="table"><style:table-properties table:align="margins" '
    'fo:margin-top="1mm" fo:margin-bottom="2mm"/></style:style>'
    '<style:style style:name="Box" style:family="table-cell"><style:table-cell-properties fo:padding="1.2mm" '
    'fo:border="0.5pt solid #000000"/></style:style>'
    '<text:list-style style:name="Dots"><text:list-level-style-bullet text:level="1" text:bullet-char="○">'
    '<style:list-level-properties text:space-before="2mm" text:min-label-width="5mm"/></text:list-level-style-bullet></text:list-style>'
    '<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."><style:list-level-properties text:space-before="2mm" text:min-label-width="6mm"/>'
    "</text:list-level-style-number></text:list-style>"
)
STYLES = (
    f'{_HEAD}<office:document-styles {_NAMES} office:version="1.3"><office:styles>'
    '<style:default-style style:family="paragraph"><style:text-properties fo:language="ko" fo:country="KR" '
    'style:language-asian="ko" style:country-asian="KR"/></style:default-style></office:styles><office:automatic-styles>'
    '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" '
    'fo:margin-top="20mm" fo:margin-bottom="15mm" fo:margin-left="20mm" fo:margin-right="18mm"/><style:footer-style/>'
    "</style:page-layout>"
    + _paragraph("Page", "9pt", align="center")
    + '</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4">'
    '<style:footer><text:p text:style-name="Page"><text:page-number text:select-page="current">1</text:page-number></text:p>'
    "</style:footer></style:master-page></office:master-styles></office:document-styles>"
)


def content(body: str) -> str:
    """content.xml around what stands in the text."""
    return (
        f'{_HEAD}<office:document-content {_NAMES} office:version="1.3"><office:automatic-styles>{_AUTOMATIC}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
