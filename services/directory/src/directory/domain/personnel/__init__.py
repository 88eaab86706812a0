"""What a personnel system (인사 시스템) reports, and what it makes of people, posts and absences. Pure.

Facts come in (`facts`), are judged against what is known (`register`), and become dated rows: `people`, `posts`, `away`.
Nothing is deleted: what ends, ends on a day; what had begun, keeps its beginning.
"""
