"""Exports in the shape that platforms give them: what becomes of each entry, and who says it."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from phiguard.errors import InputError
from phiguard.importers import NAMES, Options, Tally, import_paths
from phiguard.model import Post
from phiguard.readers.record import Record

DATA = Path(__file__).parent / "data" / "importers"


def read(*names: str, origin: str = "auto", **options: object) -> tuple[list[Record], Tally]:
    tally = Tally()
    asked = Options(**options)  # type: ignore[arg-type]
    return list(import_paths([DATA / name for name in names], origin, asked, tally=tally)), tally


def posts(*names: str, origin: str = "auto", **options: object) -> dict[str, Post]:
    """The posts by id, or by the first words of those without one. Nothing may be wrong."""
    records, _ = read(*names, origin=origin, **options)
    assert [str(record.fault) for record in records if record.fault] == []
    return {record.post.id or record.post.text[:12]: record.post for record in records if record.post}


def answered(post: Post) -> tuple[str, str | None, str]:
    assert post.reply_to is not None
    return post.reply_to.text, post.reply_to.author or post.reply_to.author_name, post.reply_to.author_role


# --- X ------------------------------------------------------------------------------------------------


def test_an_x_archive_tells_posts_replies_and_shares() -> None:
    found = posts("x")
    assert list(found) == ["105", "103", "102", "101", "99", "98", "97"]
    assert {key: post.direction for key, post in found.items() if post.direction != "outbound_post"} == {
        "105": "outbound_reply"
    }
    assert found["101"].action == "share"
    assert {post.author for post in found.values()} == {"OakDental"}
    assert {post.platform for post in found.values()} == {"x"}


def test_a_reply_on_x_names_whom_it_answers_though_their_words_are_not_there() -> None:
    reply = posts("x")["105"].reply_to
    assert reply is not None
    assert (reply.text, reply.author, reply.author_name) == ("", "river_kid_88", "River Kid")


def test_the_next_of_a_series_of_own_posts_is_a_post_and_carries_the_one_before() -> None:
    post = posts("x")["103"]
    assert (post.direction, post.thread) == ("outbound_post", "102")
    assert answered(post) == ("Our open house is on Saturday <3", "OakDental", "brand")


def test_texts_of_x_are_as_typed() -> None:
    found = posts("x")
    assert found["105"].text.endswith("to hear this & would like to help. Please call 555-0142.")
    assert found["103"].text == "…and parking is free all week. https://example.com/parking"
    assert found["103"].links == ("https://example.com/parking",)
    assert found["102"].text == "Our open house is on Saturday <3"  # the link stood for the picture
    assert [(media.kind, media.alt_text) for media in found["102"].media] == [
        ("image", "A door with balloons"),
        ("video", None),
    ]


def test_a_long_post_of_x_has_all_of_its_words() -> None:
    post = posts("x")["99"]
    assert post.premium
    assert post.text.endswith("with questions.")
    assert post.links == ()


def test_a_time_that_is_none_costs_no_post() -> None:
    records, tally = read("x")
    assert tally.notes == {"times not understood": 1}
    assert [record.post.posted_at is None for record in records if record.post].count(True) == 1


def test_an_x_archive_is_the_same_in_a_zip_and_from_one_of_its_files(tmp_path: Path) -> None:
    archive = tmp_path / "twitter.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted((DATA / "x").rglob("*.js")):
            packed.write(file, file.relative_to(DATA / "x"))
    packed_records = list(import_paths([archive]))
    assert [record.post for record in packed_records] == [record.post for record in read("x")[0]]
    assert packed_records[0].place.path.endswith("twitter.zip!data/tweets.js")
    alone = posts("x/data/tweets-part1.js")
    assert alone["99"].author == "OakDental"  # account.js lies beside it
    assert alone["99"].premium


def test_statuses_of_the_api_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "timeline.json"
    path.write_text(
        '[{"id_str":"2","text":"Yes, we do","in_reply_to_status_id_str":"1","in_reply_to_screen_name":"wren",'
        '"user":{"id_str":"9","screen_name":"OakDental","name":"Oak"}},'
        '{"id_str":"1","full_text":"Do you see children?","user":{"id_str":"7","screen_name":"wren"}}]'
    )
    tally = Tally()
    found = {
        record.post.id: record.post
        for record in import_paths([path], "x", Options(own=("@oakdental",)), tally=tally)
        if record.post
    }
    assert found["1"].direction == "inbound_comment"
    assert found["2"].direction == "outbound_reply"
    assert answered(found["2"]) == ("Do you see children?", "wren", "public")


# --- Facebook and Instagram ---------------------------------------------------------------------------


def test_a_facebook_download_is_put_right() -> None:
    found = posts("facebook")
    said = [post.text for post in found.values()]
    assert "Flu shots — walk in, we’re open till six 💉" in said
    assert "Notre café d’accueil est prêt." in said
    assert "Unser Team läuft am Sonntag für die Tafel." in said  # told by a label in German
    assert "A tour of the new rooms" in said  # only at the video
    assert not any("private" in text for text in said)
    assert found["260011"].media[0].kind == "image"
    assert found["Notre café d"].links == ("https://example.com/café",)


def test_comments_of_facebook_are_replies_to_what_is_not_there() -> None:
    records, tally = read("facebook")
    replies = [record.post for record in records if record.post and record.post.direction == "outbound_reply"]
    assert len(replies) == tally.orphans == tally.replies == 3
    assert replies[0].reply_to is not None
    assert replies[0].reply_to.author_name == "Zoë Lindqvist"
    assert replies[1].reply_to is None  # the title is in German
    assert tally.left_out == {"without text": 1}


def test_a_facebook_download_that_was_put_right_before_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "profile_posts_1.json"
    path.write_text('[{"timestamp":1714557600,"data":[{"post":"Soirée NESCAFÉ® à 18 h, déjà «Ã©»"}]}]')
    (record,) = import_paths([path], "facebook")
    assert record.post is not None
    assert record.post.text == "Soirée NESCAFÉ® à 18 h, déjà «Ã©»"


def test_an_instagram_download_tells_captions_wherever_they_stand() -> None:
    found = posts("instagram")
    assert {"Meet Dr. Ana", "Three tips f", "How we clean"} <= set(found)
    assert found["Meet Dr. Ana"].text == "Meet Dr. Ana Roe 🦷 — she’s new here"
    assert [media.kind for media in found["Three tips f"].media] == ["image", "video"]
    assert {post.author for post in found.values()} == {"oak.dental"}


def test_comments_of_instagram_are_read_in_any_language() -> None:
    records, _ = read("instagram/your_instagram_activity/comments", origin="instagram")
    found = [record.post for record in records if record.post]
    assert [post.text for post in found] == [
        "Vielen Dank für die netten Worte 😊",
        "Please send us a message.",
        "Merci, à bientôt !",
    ]
    assert [post.reply_to.author for post in found if post.reply_to] == [
        "sunny_side_up",
        "oak.dental",
        "brosse_bleue",
    ]
    assert {post.direction for post in found} == {"outbound_reply"}


# --- Graph API ----------------------------------------------------------------------------------------


def test_the_graph_api_tells_whose_page_it_is() -> None:
    found = posts("graph/feed.json")
    assert {key: post.direction for key, post in found.items()} == {
        "4400_901": "outbound_post",
        "901_11": "inbound_comment",
        "901_12": "outbound_reply",
        "901_13": "inbound_comment",
    }
    assert answered(found["901_12"]) == ("My tooth still hurts after Tuesday", "8801", "public")
    assert answered(found["901_11"])[2] == "brand"
    assert {post.thread for post in found.values()} == {"4400_901"}


def test_comments_that_were_asked_for_alone_find_the_post_of_another_file() -> None:
    records, tally = read("graph")
    found = {record.post.id: record.post for record in records if record.post}
    assert answered(found["901_15"])[0] == "Flu shots are here."
    assert answered(found["901_16"])[:2] == ("All good now", "8803")
    assert found["901_16"].thread == "4400_901"
    assert tally.notes["lists whose next page is not in the export"] == 2


def test_instagram_by_the_graph_api() -> None:
    found = posts("graph/instagram_media.json")
    assert [media.alt_text for media in found["17900"].media] == ["A blue chair", None]
    assert found["17902"].direction == "outbound_reply"
    assert answered(found["17902"]) == ("Do you take walk-ins?", "mira_k", "public")
    assert {post.platform for post in found.values()} == {"instagram"}


# --- LinkedIn, YouTube, Reddit, Google ----------------------------------------------------------------


def test_a_linkedin_download_survives_its_quotation_marks() -> None:
    found = posts("linkedin")
    assert found["7001"].text == 'We are hiring a hygienist.\n\nAsk for "Lee", at the desk'
    assert found["7001"].links == ("https://example.com/jobs",)
    assert found["7002"].text == 'One, two and "three"'
    comment = found['She said "ca']
    assert comment.text == 'She said "call us",\nso please do.'
    assert answered(comment)[0] == found["7001"].text
    assert comment.posted_at is not None
    assert comment.posted_at.isoformat() == "2026-02-01T09:00:00+00:00"


def test_comments_of_youtube_are_threaded_over_pages() -> None:
    records, tally = read("youtube/page1.json", "youtube/page2.json")
    found = {record.post.id: record.post for record in records if record.post}
    assert found["Ug1"].text == (
        "My gums bled for two days & nobody called\nback, see https://example.com/story/long"
    )
    assert {key: post.direction for key, post in found.items()} == {
        "Ug1": "inbound_comment",
        "Ug1.r2": "outbound_reply",
        "Ug1.r1": "inbound_comment",
        "Ug2": "outbound_post",
        "Ug1.r3": "inbound_comment",
        "Ug9.r1": "outbound_reply",
    }
    assert answered(found["Ug1.r3"]) == (found["Ug1"].text, "@lena-paints", "public")
    assert (tally.replies, tally.orphans) == (4, 1)
    assert tally.notes == {}
    assert read("youtube/page1.json")[1].notes == {
        "replies that are not in the export": 1,
        "lists whose next page is not in the export": 1,
    }


def test_an_account_that_is_named_counts_more_than_the_channel() -> None:
    found = posts("youtube/page1.json", own=("@tomtom9",))
    assert found["Ug1.r1"].direction == "outbound_reply"
    assert found["Ug1.r2"].direction == "inbound_comment"


def test_takeout_of_youtube() -> None:
    found = posts("youtube/takeout")
    assert found["UgT1"].text == "See you Friday!"
    assert answered(found["UgT1.9"])[0] == "See you Friday!"


def test_reddit_as_listings_and_as_dump() -> None:
    records, tally = read("reddit/post.json", "reddit/dump.jsonl", own=("u/oakdental",))
    found = {record.post.id: record.post for record in records if record.post}
    assert found["t3_aa1"].text == "Is a crown worth it?\n\nQuote says 1,200 & six weeks."
    assert found["t1_c1"].text == "I had mine at Oak, no pain > before"
    assert found["t1_c2"].direction == "outbound_reply"
    assert answered(found["t1_c2"])[:2] == ("I had mine at Oak, no pain > before", "quietfox")
    assert answered(found["t1_d2"])[0] == "Do you see children?"  # which stands after it
    assert found["t3_aa2"].direction == "outbound_post"
    assert found["t1_c4"].reply_to is None  # it answers a comment that was deleted
    assert tally.left_out == {"deleted": 2}
    assert tally.notes == {"comments that were not loaded": 7}


def test_reddit_of_a_data_request() -> None:
    post = posts("reddit/comments.csv")["t1_e1"]
    assert (post.text, post.direction, post.thread) == (
        "We open at nine,\nevery day.",
        "outbound_reply",
        "t3_aa1",
    )


def test_a_review_and_its_reply_are_two_posts() -> None:
    records, tally = read("google/api.json")
    found = {record.post.id: record.post for record in records if record.post}
    assert found["AbF1"].direction == "inbound_review"
    assert found["AbF1"].answered_at == found["AbF1/reply"].posted_at
    reply = found["AbF1/reply"].reply_to
    assert reply is not None
    assert (reply.text, reply.author_name, reply.kind, reply.rating) == (
        "Waited an hour with my son.",
        "Petra Holm",
        "review",
        2.0,
    )
    assert "AbF2" not in found  # stars alone
    stars = found["AbF2/reply"].reply_to
    assert stars is not None
    assert (stars.text, stars.rating) == ("", 5.0)
    assert found["AbF3"].author_name is None  # anonymous
    assert found["AbF3"].text == "Sehr freundlich\n\nVery friendly"
    assert tally.orphans == 0


def test_takeout_of_google_business_keeps_the_words_of_the_reply() -> None:
    records, tally = read("google/Takeout")
    assert [record.post.text for record in records if record.post] == ["Lovely staff", "Tausend Dank"]
    assert tally.left_out == {"not a review": 1}


# --- tables -------------------------------------------------------------------------------------------

COLUMNS = {
    "text": "Message",
    "id": "Post number",
    "author": "Author",
    "parent_id": "Parent",
    "posted_at": "Sent",
    "platform": "Network",
    "author_role": "Role",
    "rating": "Stars",
}


def test_a_table_with_its_columns_named() -> None:
    records, tally = read(
        "csv/inbox.csv", origin="csv", columns=COLUMNS, encoding="cp1252", order="dmy", own=("OakDental",)
    )
    found = {record.post.id: record.post for record in records if record.post}
    assert {key: (post.direction, post.platform) for key, post in found.items()} == {
        "1": ("inbound_comment", "x"),
        "2": ("outbound_reply", "x"),
        "3": ("inbound_review", "google_business"),
    }
    assert answered(found["2"]) == ("My crown fell out; help", "papa_wren", "public")
    assert found["1"].posted_at is not None
    assert found["1"].posted_at.isoformat() == "2026-02-01T09:30:00"  # in the profile's zone
    assert [(record.place.line, record.fault.field) for record in records if record.fault] == [
        (6, "platform")
    ]
    assert tally.left_out == {"without text": 1}


def test_a_date_that_is_two_is_no_guess() -> None:
    records, _ = read("csv/inbox.csv", origin="csv", columns=COLUMNS, encoding="cp1252")
    faults = [str(record.fault) for record in records if record.fault]
    assert (
        faults[0]
        == "field posted_at: can be read as two dates: say which with --date-order dmy or mdy (phiguard import has it)"
    )


# --- recognizing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("x", "an X (Twitter) archive"),
        ("x/data/tweets.js", "an X (Twitter) archive"),
        ("facebook", "a Facebook download"),
        ("instagram", "an Instagram download"),
        ("graph", "posts or comments of Meta's Graph API"),
        ("linkedin", "a LinkedIn download"),
        ("linkedin/Comments.csv", "a LinkedIn download"),
        ("youtube/page2.json", "comments of YouTube"),
        ("youtube/takeout/comments.csv", "comments of YouTube"),
        ("reddit/post.json", "posts and comments of Reddit"),
        ("reddit/dump.jsonl", "posts and comments of Reddit"),
        ("reddit/comments.csv", "posts and comments of Reddit"),
        ("google", "reviews of Google Business Profile"),
    ],
)
def test_an_export_is_recognized(name: str, title: str) -> None:
    assert read(name)[1].taken_for == title


def test_what_is_not_recognized_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"weather": "fine"}')
    with pytest.raises(
        InputError, match=r"nothing there is recognized\. Say what it is: --from csv\|facebook"
    ):
        import_paths([tmp_path])
    with pytest.raises(InputError, match=r"several kinds: .*instagram \(\d+\).*--from NAME"):
        import_paths([DATA])
    with pytest.raises(InputError, match="holds nothing that an X"):
        list(import_paths([DATA / "google"], "x"))


def test_overlapping_exports_tell_each_post_once(tmp_path: Path) -> None:
    shutil.copytree(DATA / "x", tmp_path / "one")
    shutil.copytree(DATA / "x", tmp_path / "two")
    tally = Tally()
    found = list(import_paths([tmp_path], "x", tally=tally))
    assert [record.post for record in found] == [record.post for record in read("x")[0]]
    assert tally.left_out == {"repeated": 7}


def test_every_importer_has_a_page_in_the_manual(root: Path) -> None:
    page = (root / "docs" / "importing.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in page] == []


# --- older and newer shapes ---------------------------------------------------------------------------


def made(tmp_path: Path, file: str, content: str, origin: str = "auto", **options: object) -> list[Post]:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    asked = Options(**options)  # type: ignore[arg-type]
    return [record.post for record in import_paths([path], origin, asked) if record.post]


def test_a_tweet_js_of_2019_is_flat(tmp_path: Path) -> None:
    (post,) = made(
        tmp_path,
        "tweet.js",
        'window.YTD.tweet.part0 = [ {"retweeted": false, "id": "5", "id_str": "5", "full_text": "Open until six.",'
        '"created_at": "Tue Oct 01 09:30:00 +0000 2019", "lang": "en"} ]',
    )
    assert (post.text, post.direction, post.id) == ("Open until six.", "outbound_post", "5")


def test_a_post_of_x_that_shows_another_stays_a_post_and_carries_it(tmp_path: Path) -> None:
    first, second = made(
        tmp_path,
        "tweets.js",
        'window.YTD.tweets.part0 = [{"tweet": {"id_str": "2", "full_text": "Still true: https://t.co/q",'
        '"entities": {"urls": [{"url": "https://t.co/q", "expanded_url": "https://twitter.com/OakDental/status/1"}]}}},'
        '{"tweet": {"id_str": "1", "full_text": "Floss daily."}}]',
    )
    assert first.direction == "outbound_post"
    assert first.reply_to is not None
    assert (first.reply_to.text, first.reply_to.kind) == ("Floss daily.", "post")
    assert second.reply_to is None


def test_an_instagram_download_of_2021(tmp_path: Path) -> None:
    (post,) = made(
        tmp_path,
        "post_comments.json",
        '{"comments_media_comments": [{"title": "sunny_side_up", "media_list_data": [],'
        '"string_list_data": [{"href": "", "value": "See you at 9 \\u00f0\\u009f\\u0098\\u008a", "timestamp": 1714590000}]}]}',
    )
    assert (post.text, post.direction) == ("See you at 9 😊", "outbound_reply")
    assert post.reply_to is not None
    assert post.reply_to.author == "sunny_side_up"


def test_comments_of_facebook_told_by_labels(tmp_path: Path) -> None:
    (post,) = made(
        tmp_path,
        "comments.json",
        '[{"timestamp": 1779379231, "media": [], "label_values": [{"label": "Comment", "value": "Please call us."},'
        '{"label": "URL", "value": "https://www.facebook.com/1", "href": "https://www.facebook.com/1"}], "fbid": "9"}]',
        "facebook",
    )
    assert (post.text, post.direction, post.id) == ("Please call us.", "outbound_reply", "9")


def test_a_handle_of_the_profile_is_known_beside_the_channel() -> None:
    found = posts("youtube/page1.json", known=("@OakOnX",))
    assert found["Ug1.r2"].direction == "outbound_reply"


def test_reviews_of_several_locations(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        "batch.json",
        '{"locationReviews": [{"name": "accounts/1/locations/2", "review": {"name": "accounts/1/locations/2/reviews/R1",'
        '"starRating": "ONE", "comment": "Too loud", "createTime": "2026-01-01T00:00:00Z"}}]}',
    )
    assert [(post.id, post.text, post.direction) for post in found] == [("R1", "Too loud", "inbound_review")]


def test_a_table_without_its_zeros_and_marks(tmp_path: Path) -> None:
    """Excel's "Unicode text" without a byte order mark; a header with a line break; a bar for a delimiter."""
    path = tmp_path / "a.csv"
    path.write_bytes('\n"Text"|"Posted\nat"|Platform\nHello|2026-05-01 9:30|IG\n'.encode("utf-16-le"))
    columns = {"text": "text", "posted_at": "Posted at", "platform": "platform"}
    (record,) = import_paths([path], "csv", Options(columns=columns))
    assert record.post is not None
    assert (record.post.text, record.post.platform, record.place.line) == ("Hello", "instagram", 4)
