// The drawing of a graph: what may not overlap, and where edges go.
#include "compiler/report/GraphLayout.h"

#include <gtest/gtest.h>

namespace dycc {
namespace {

GraphBox box(double width = 100, double height = 40, int parent = -1,
             unsigned region = 0) {
  return {width, height, parent, region};
}

bool overlap(const GraphBox &a, const GraphBox &b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
         b.y < a.y + a.height;
}

bool isInside(const GraphBox &inner, double x, double y, double width,
              double height) {
  return inner.x >= x && inner.y >= y && inner.x + inner.width <= x + width &&
         inner.y + inner.height <= y + height;
}

/// What layOut() promises of boxes and lines.
void expectGood(const Graph &graph) {
  for (size_t i = 0; i < graph.boxes.size(); ++i) {
    const GraphBox &a = graph.boxes[i];
    EXPECT_TRUE(isInside(a, 0, 0, graph.width, graph.height)) << "box " << i;
    for (size_t j = 0; j < i; ++j)
      if (a.parent == graph.boxes[j].parent)
        EXPECT_FALSE(overlap(a, graph.boxes[j])) << i << " over " << j;
    if (a.parent >= 0)
      EXPECT_TRUE(std::any_of(
          graph.regions.begin(), graph.regions.end(),
          [&](auto &region) {
            return region.box == static_cast<size_t>(a.parent) &&
                   region.number == a.region &&
                   isInside(a, region.x, region.y, region.width, region.height);
          }))
          << "box " << i << " is not in its region";
  }
  for (const GraphEdge &edge : graph.edges) {
    if (edge.line.empty())
      continue;
    const GraphBox &from = graph.boxes[edge.from], &to = graph.boxes[edge.to];
    EXPECT_NEAR(edge.line.front().first, from.x + from.width / 2, 0.01);
    EXPECT_NEAR(edge.line.front().second, from.y + from.height, 0.01);
    EXPECT_NEAR(edge.line.back().first, to.x + to.width / 2, 0.01);
    EXPECT_NEAR(edge.line.back().second, to.y, 0.01);
    for (size_t i = 1; i < edge.line.size(); ++i)
      EXPECT_GE(edge.line[i].second, edge.line[i - 1].second);
  }
}

/// Whether the straight part of a line, which is in a layer, meets a box.
bool meetsBox(const Graph &graph, const GraphEdge &edge) {
  for (size_t i = 3; i < edge.line.size(); i += 2)
    for (const GraphBox &other : graph.boxes) {
      auto [x, y] = edge.line[i];
      if (x > other.x && x < other.x + other.width &&
          edge.line[i - 1].second < other.y + other.height && y > other.y)
        return true;
    }
  return false;
}

TEST(GraphLayout, GivesAChainOneColumn) {
  Graph graph{{box(), box(60, 90), box()}, {{0, 1}, {1, 2}}};
  layOut(graph);
  expectGood(graph);
  EXPECT_NEAR(graph.boxes[0].x + 50, graph.boxes[1].x + 30, 0.01);
  EXPECT_GT(graph.boxes[1].y, graph.boxes[0].y + 40);
  EXPECT_GT(graph.boxes[2].y, graph.boxes[1].y + 90);
}

TEST(GraphLayout, LeadsALongEdgeBesideTheBoxes) {
  Graph graph{{box(), box(), box(), box()}, {{0, 1}, {1, 2}, {2, 3}, {0, 3}}};
  layOut(graph);
  expectGood(graph);
  EXPECT_EQ(graph.edges[3].line.size(), 7u); // Two ends, one, two lanes.
  EXPECT_FALSE(meetsBox(graph, graph.edges[3]));
}

TEST(GraphLayout, PutsASourceAboveWhatReadsIt) {
  Graph graph{{box(), box(), box(), box()}, {{0, 1}, {1, 2}, {3, 2}}};
  layOut(graph);
  expectGood(graph);
  EXPECT_EQ(graph.boxes[3].y, graph.boxes[1].y);
}

TEST(GraphLayout, PutsBranchesBesideEachOther) {
  // 1 has the branches {2, 3} and {4}; 5 is in a body in 4.
  Graph graph{{box(), box(), box(100, 40, 1, 0), box(100, 40, 1, 0),
               box(100, 40, 1, 1), box(100, 40, 4, 0)},
              {{0, 1}, {2, 3}}};
  layOut(graph);
  expectGood(graph);
  ASSERT_EQ(graph.regions.size(), 3u);
  const GraphBox &around = graph.boxes[1];
  for (int inner : {2, 3, 4, 5})
    EXPECT_TRUE(isInside(graph.boxes[inner], around.x, around.y, around.width,
                         around.height));
  EXPECT_FALSE(overlap(graph.boxes[2], graph.boxes[4]));
}

TEST(GraphLayout, DrawsNoLineThatClosesACircle) {
  Graph graph{{box(), box(), box()}, {{0, 1}, {1, 2}, {2, 0}, {1, 1}}};
  layOut(graph);
  expectGood(graph);
  EXPECT_FALSE(graph.edges[0].line.empty());
  EXPECT_FALSE(graph.edges[1].line.empty());
  EXPECT_TRUE(graph.edges[2].line.empty());
  EXPECT_TRUE(graph.edges[3].line.empty());
}

TEST(GraphLayout, IsTheSameForTheSameGraph) {
  Graph one;
  uint64_t random = 1;
  for (size_t i = 0; i < 400; ++i) {
    one.boxes.push_back(box(60 + static_cast<double>(i % 7) * 20));
    for (size_t j = 0; i > 0 && j < 2; ++j) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      size_t span = (random >> 33) % std::min<size_t>(i, 1 + i % 30) + 1;
      one.edges.push_back({i - std::min(span, i), i});
    }
  }
  Graph other = one;
  layOut(one);
  layOut(other);
  expectGood(one);
  EXPECT_EQ(one.width, other.width);
  for (size_t i = 0; i < one.boxes.size(); ++i)
    EXPECT_EQ(one.boxes[i].x, other.boxes[i].x);
  for (const GraphEdge &edge : one.edges)
    EXPECT_FALSE(meetsBox(one, edge)) << edge.from << " to " << edge.to;
}

TEST(GraphLayout, HasNothingToDoForAnEmptyGraph) {
  Graph graph;
  layOut(graph);
  EXPECT_GE(graph.height, 0);
}

} // namespace
} // namespace dycc
