<!-- Body markup of an official document: the XHTML subset, written from the standard's element table.
     The three character entity sets the standard adds are left out: output holds characters and numbers only. -->
<!ENTITY % core "id ID #IMPLIED class CDATA #IMPLIED">
<!ENTITY % inside-a "#PCDATA | img | i | b | u | sub | sup">
<!ENTITY % inline "#PCDATA | a | img | i | b | u | sub | sup">
<!ENTITY % flow "#PCDATA | a | img | i | b | u | sub | sup | p | ul | ol | table">
<!ENTITY % cell-align "align (left | center | right | justify | char) #IMPLIED char CDATA #IMPLIED charoff CDATA #IMPLIED">
<!ENTITY % cell-valign "valign (top | middle | bottom | baseline) #IMPLIED">

<!ELEMENT p (%flow;)*>
<!ATTLIST p %core; style CDATA #IMPLIED align (left | center | right | adjust) #IMPLIED>
<!ELEMENT i (%inline;)*>
<!ATTLIST i %core;>
<!ELEMENT b (%inline;)*>
<!ATTLIST b %core;>
<!ELEMENT u (%inline;)*>
<!ATTLIST u %core;>
<!ELEMENT sub (%inline;)*>
<!ATTLIST sub %core;>
<!ELEMENT sup (%inline;)*>
<!ATTLIST sup %core;>
<!ELEMENT a (%inside-a;)*>
<!ATTLIST a %core; name CDATA #IMPLIED href CDATA #IMPLIED rel CDATA #IMPLIED rev CDATA #IMPLIED>
<!ELEMENT img EMPTY>
<!ATTLIST img %core;
  src CDATA #REQUIRED
  alt CDATA #REQUIRED
  name CDATA #IMPLIED
  longdesc CDATA #IMPLIED
  height CDATA #IMPLIED
  width CDATA #IMPLIED
  align (top | middle | bottom | left | right) #IMPLIED
  border CDATA #IMPLIED
  hspace CDATA #IMPLIED
  vspace CDATA #IMPLIED>

<!ELEMENT ul (li+)>
<!ATTLIST ul %core;>
<!ELEMENT ol (li+)>
<!ATTLIST ol %core;>
<!ELEMENT li (%flow;)*>
<!ATTLIST li %core;>

<!ELEMENT table (caption?, (col* | colgroup*), thead?, tfoot?, (tbody+ | tr+))>
<!ATTLIST table %core;
  summary CDATA #IMPLIED
  width CDATA #IMPLIED
  height CDATA #IMPLIED
  border CDATA #IMPLIED
  cellspacing CDATA #IMPLIED
  cellpadding CDATA #IMPLIED
  align (left | center | right | adjust) #IMPLIED>
<!ELEMENT caption (%inline;)*>
<!ATTLIST caption %core; align (top | bottom | left | right) #IMPLIED>
<!ELEMENT colgroup (col*)>
<!ATTLIST colgroup %core; span CDATA "1" width CDATA #IMPLIED %cell-align; %cell-valign;>
<!ELEMENT col EMPTY>
<!ATTLIST col %core; span CDATA "1" width CDATA #IMPLIED %cell-align; %cell-valign;>
<!ELEMENT thead (tr+)>
<!ATTLIST thead %core; %cell-align; %cell-valign;>
<!ELEMENT tfoot (tr+)>
<!ATTLIST tfoot %core; %cell-align; %cell-valign;>
<!ELEMENT tbody (tr+)>
<!ATTLIST tbody %core; %cell-align; %cell-valign;>
<!ELEMENT tr (th | td)+>
<!ATTLIST tr %core; %cell-align; %cell-valign;>
<!ENTITY % cell "abbr CDATA #IMPLIED axis CDATA #IMPLIED headers IDREFS #IMPLIED
  scope (row | col | rowgroup | colgroup) #IMPLIED rowspan CDATA '1' colspan CDATA '1'
  nowrap (nowrap) #IMPLIED width CDATA #IMPLIED height CDATA #IMPLIED">
<!ELEMENT th (%flow;)*>
<!ATTLIST th %core; %cell; %cell-align; %cell-valign;>
<!ELEMENT td (%flow;)*>
<!ATTLIST td %core; %cell; %cell-align; %cell-valign;>
