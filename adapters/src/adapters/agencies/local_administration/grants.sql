-- What their administrator gives: adapters/README.md, tables of another database.
CREATE ROLE onnara_link LOGIN PASSWORD 'change-me';
GRANT USAGE ON SCHEMA sgg TO onnara_link;
-- Requests are read, and marked in one column.
GRANT SELECT, UPDATE (send_yn) ON sgg.tb_appr_req TO onnara_link;
GRANT SELECT ON sgg.tb_appr_line TO onnara_link;
-- Answers are written, and written again.
GRANT SELECT, INSERT, UPDATE ON sgg.tb_appr_rslt TO onnara_link;
